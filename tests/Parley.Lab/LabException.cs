namespace Parley.Lab;

/// <summary>The lab could not be built or changed; the message says which step failed and what the system said.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
