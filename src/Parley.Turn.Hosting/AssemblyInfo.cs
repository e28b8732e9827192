using System.Runtime.CompilerServices;

// Every P/Invoke here takes blittable structs and pointers only, so that a call costs the transition and nothing more.
[assembly: DisableRuntimeMarshalling]
