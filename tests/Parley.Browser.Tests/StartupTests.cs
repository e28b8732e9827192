using System.Globalization;
using Parley.Testing;

namespace Parley.Browser.Tests;

/// <summary>How soon the page can be used. A measurement: run on demand, on a machine that has nothing else to do.</summary>
public sealed class StartupTests(Stage stage) : BrowserTest(stage)
{
    private const int Rounds = 15;

    [Theory(Explicit = true)]
    [InlineData("/", "New call")]
    [InlineData("/r/our-kitchen-table", "Join")]
    public async Task From_a_cold_cache_to_a_page_that_answers(string path, string button)
    {
        List<double> painted = [], usable = [];
        for (var i = 0; i < Rounds; i++)
        {
            await using var person = await Person.ArriveAsync(Stage.Browsers[0], "somebody");
            // Usable: the button is there and the main thread has come to rest after it, so that a click is answered at once.
            await person.Page.AddInitScriptAsync($$"""
                new MutationObserver((_, observer) => {
                  const there = [...document.querySelectorAll('button')].some(({ textContent }) => textContent.trim() === '{{button}}');
                  if (!there) return;
                  observer.disconnect();
                  requestIdleCallback(() => { window.usable = performance.now(); });
                }).observe(document, { childList: true, subtree: true, characterData: true });
                """);
            await person.Page.GotoAsync(Address(path));
            await person.Page.WaitForFunctionAsync("() => window.usable !== undefined");
            usable.Add(await person.Page.EvaluateAsync<double>("() => window.usable"));
            painted.Add(await person.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: first paint {Describe(painted)}; usable {Describe(usable)} (median and worst of {Rounds}, ms after the navigation began)"));
    }

    private static string Describe(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0} and {times[^1]:0}");
    }
}
