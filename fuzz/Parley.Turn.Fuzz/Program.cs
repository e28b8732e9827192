using Parley.Fuzzing;
using Parley.Turn.Fuzz;

return FuzzProgram.Run(args, typeof(Targets), typeof(Parley.Stun.StunMessage).Assembly, typeof(Parley.Turn.TurnShard).Assembly);
