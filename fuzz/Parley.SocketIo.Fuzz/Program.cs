using Parley.Fuzzing;
using Parley.SocketIo.Fuzz;

return FuzzProgram.Run(args, typeof(Targets), typeof(Parley.SocketIo.SocketIoPacket).Assembly);
