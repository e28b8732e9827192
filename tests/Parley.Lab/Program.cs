using Parley.Lab;

if (await NetworkLab.FindObstacleAsync() is { } obstacle)
{
    await Console.Error.WriteLineAsync(obstacle);
    return 1;
}

await using var lab = await NetworkLab.BuildAsync();
await new HandOperation(lab, Console.In, Console.Out).RunAsync();
return 0;
