using System.Diagnostics;

namespace Firn.EndToEnd.Caches;

/// <summary>The server's pages, as a real browser makes sense of them.</summary>
/// <remarks>The browser is Chromium without a window: <c>eng/browser</c> installs it, or <c>FIRN_BROWSER</c> names another.</remarks>
public sealed class CachePageTests : IDisposable
{
    private static readonly string? _browser = FindBrowser();

    private readonly Machine _machine;
    private readonly RunningServer _server;

    public CachePageTests()
    {
        Assert.SkipUnless(_browser is not null, "no browser is installed: eng/browser");
        _machine = new Machine("sandbox = false");
        _server = new RunningServer(_machine);
        _machine.Firn("firn", "cache", "change", "team", "--public", "--data", _server.Folder);
        _machine.Firn("firn", "cache", "login", "team", $"{_server.Url}/team", "--token-file", $"{_server.Folder}/team.token");
        var file = _machine.Write("one.nix", """derivation { name = "found-me"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo x > $out" ]; }""");
        _machine.Firn("firn", "build", "-f", file, "--no-link", "--push", "team");
    }

    public void Dispose()
    {
        _server?.Dispose();
        _machine?.Dispose();
    }

    [Fact]
    public void The_first_page_leads_to_each_cache()
    {
        var page = Show("/");

        Assert.Contains("<h1>Binary caches</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/team/\">team</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_shows_how_it_is_used_and_what_is_in_it()
    {
        var page = Show("/team/");

        Assert.Contains($"extra-substituters = {_server.Url}/team", page, StringComparison.Ordinal);
        Assert.Contains($"extra-trusted-public-keys = {_server.PublicKey}", page, StringComparison.Ordinal);
        Assert.Contains("-found-me", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_finds_what_is_there_and_shows_what_was_searched_as_it_was_typed()
    {
        Assert.Contains("-found-me", Show("/team/?q=FOUND"), StringComparison.Ordinal);
        var page = Show("/team/?q=%22%3E%3Cimg+src%3Dx+onerror%3Ddocument.title%3D1%3E");
        Assert.DoesNotContain("-found-me", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("<title>team</title>", page, StringComparison.Ordinal);
    }

    // The style is allowed by its hash alone: were the hash wrong, the browser would lay the page out without it.
    [Fact]
    public void The_page_is_styled_and_fits_a_small_screen()
    {
        var wide = Screenshot(1200);
        var narrow = Screenshot(400);

        Assert.DoesNotContain("Refused to apply inline style", wide.Said, StringComparison.Ordinal);
        Assert.True(wide.Size > 5000 && narrow.Size > 5000, $"pictures of {wide.Size} and {narrow.Size} bytes");
    }

    private static string? FindBrowser() => Environment.GetEnvironmentVariable("FIRN_BROWSER") ??
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(folder => new[] { "chromium-headless-shell", "chromium" }.Select(name => $"{folder}/{name}"))
            .FirstOrDefault(File.Exists);

    private string Show(string path) => Run("--dump-dom", _server.Url + path).Output;

    private (long Size, string Said) Screenshot(int width)
    {
        var picture = $"{_machine.Home}/{width}.png";
        var (_, said) = Run($"--screenshot={picture}", $"--window-size={width},900", _server.Url + "/team/");
        return (new FileInfo(picture).Length, said);
    }

    private (string Output, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            _browser!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr", $"--user-data-dir={_machine.Home}/browser", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _machine.Home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return (output, errors.GetAwaiter().GetResult());
    }
}
