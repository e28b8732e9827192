using Microsoft.Playwright;

namespace Parley.Browser.Tests;

/// <summary>An address that leads nowhere is the page's to tell, with a way on.</summary>
public sealed class NowhereTests(Stage stage) : BrowserTest(stage)
{
    [Theory]
    [InlineData("en-US", "There is nothing here", "Start page", "New call", "Join")]
    [InlineData("zh-CN", "这里什么也没有", "首页", "新建通话", "加入")]
    public async Task An_unknown_address_says_so_and_leads_to_the_start_page_and_to_a_new_call(
        string language, string words, string start, string newCall, string join)
    {
        // Not one of those who must be without a fault: a browser writes every 404 on its console.
        await using var context = await Stage.Browsers[0].Browser.NewContextAsync(new() { Locale = language });
        var page = await context.NewPageAsync();
        foreach (var path in (string[])["/nowhere", "/r/", "/r/tea%20%26%20biscuits"])
        {
            var response = await page.GotoAsync(Address(path));
            Assert.Equal(404, response?.Status);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = words })).ToBeVisibleAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = newCall }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = join, Exact = true }).WaitForAsync();
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = start }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox).WaitForAsync();
        Assert.Equal(Address("/"), page.Url);
    }
}
