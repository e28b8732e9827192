using Parley.Server;

return await ParleyProgram.RunAsync(args);
