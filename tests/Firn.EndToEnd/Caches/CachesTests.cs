using System.Diagnostics;
using System.Text;
using Firn.Tests.Transfers;

namespace Firn.EndToEnd.Caches;

/// <summary>What one has built others fetch: over HTTP, from S3, with caches that are dead, slow or lie among them.</summary>
public sealed class CachesTests : IDisposable
{
    private const string Package = """
        let needed = derivation { name = "needed"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo needed > $out" ]; };
        in derivation { name = "top"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo ${needed} > $out" ]; }
        """;

    private readonly Machine _builder = new("sandbox = false");
    private readonly Machine _user = new("sandbox = false", "fallback = false");
    private readonly WebServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _user.Dispose();
        _builder.Dispose();
    }

    [Fact]
    public void A_closure_goes_to_a_server_signed_and_is_fetched_instead_of_built()
    {
        var (path, key) = Publish($"{_server.Url}/cache?compression=zstd");

        var said = _user.Shell($"{Machine.FirnCommands}/nix-build {_user.Write("top.nix", Package)} --no-out-link "
            + $"--option substituters {_server.Url}/cache --option trusted-public-keys {key} 2>&1");

        Assert.EndsWith(path, said, StringComparison.Ordinal);
        Assert.Contains($"copying path '{path}' from '{_server.Url}/cache'", said, StringComparison.Ordinal);
        Assert.DoesNotContain("building '", said, StringComparison.Ordinal);
        _user.Firn("nix-store", "--verify", "--check-contents");
    }

    [Fact]
    public void Passwords_in_addresses_and_tokens_in_files_are_sent_and_never_told()
    {
        var (path, key) = Publish($"{_server.Url}/cache");
        var address = _server.Url.Replace("://", "://me:s3cret@", StringComparison.Ordinal) + "/cache";
        _server.Misbehave = WebServer.First(1, _ => new WebReply(500, []));

        var said = _user.Shell($"{Machine.FirnCommands}/nix-store -vvvvv -r {path} --option substituters {address} --option trusted-public-keys {key} 2>&1; "
            + $"{Machine.FirnCommands}/nix copy -vvvvv --to '{address}?bogus=s3cret' {path} 2>&1; {Machine.FirnCommands}/nix copy --from {address}/no {path} 2>&1 || true");

        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
        Assert.Contains(_server.Requests, r => r.Headers.GetValueOrDefault("authorization", "").StartsWith("Basic ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_the_key_nothing_is_taken_and_all_is_built()
    {
        var (path, _) = Publish($"{_server.Url}/cache");

        var said = _user.Shell($"{Machine.FirnCommands}/nix-build {_user.Write("top.nix", Package)} --no-out-link --option substituters {_server.Url}/cache 2>&1");

        Assert.Contains("not signed by any of the keys", said, StringComparison.Ordinal);
        Assert.Contains("building '", said, StringComparison.Ordinal);
        Assert.EndsWith(path, said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_content_names_needs_no_signature_and_what_inputs_name_does()
    {
        var named = _builder.Firn("nix-store", "--add", _builder.Write("content", "named by what it is"));
        var built = _builder.Shell($"{Machine.FirnCommands}/nix-build {_builder.Write("top.nix", Package)} --no-out-link");
        _builder.Firn("nix", "copy", "--to", $"{_server.Url}/cache", named, built);

        _user.Firn("nix-store", "-r", named, "--option", "substituters", $"{_server.Url}/cache");
        Assert.Equal("named by what it is", _user.Shell($"cat {named}"));
        var failure = _user.Fails("nix-store", "-r", built, "--option", "substituters", $"{_server.Url}/cache");
        Assert.Contains("not signed by any of the keys", failure.Errors, StringComparison.Ordinal);
        _user.Firn("nix-store", "-r", built, "--option", "substituters", $"{_server.Url}/cache?trusted=1");
    }

    [Fact]
    public void The_cache_with_the_lowest_number_is_fetched_from_and_an_address_may_name_another()
    {
        var (path, key) = Publish($"{_server.Url}/far");
        foreach (var (name, file) in _server.Files.ToList())
        {
            _server.Files[name.Replace("/far/", "/near/", StringComparison.Ordinal)] = file;
        }

        _server.Files["/far/nix-cache-info"] = "StoreDir: /nix/store\nPriority: 40\n"u8.ToArray();
        _server.Files["/near/nix-cache-info"] = "StoreDir: /nix/store\nPriority: 10\n"u8.ToArray();
        string Fetch(Machine by, string caches) => by.Shell(
            $"{Machine.FirnCommands}/nix-store -r {path} --option substituters '{caches}' --option trusted-public-keys {key} 2>&1");

        Assert.Contains($"copying path '{path}' from '{_server.Url}/near'", Fetch(_user, $"{_server.Url}/far {_server.Url}/near"), StringComparison.Ordinal);
        using var other = new Machine("sandbox = false");
        Assert.Contains($"copying path '{path}' from '{_server.Url}/far", Fetch(other, $"{_server.Url}/near {_server.Url}/far?priority=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_and_silent_caches_cost_one_short_wait_and_no_build()
    {
        using var silent = new WebServer { Misbehave = _ => new WebReply(200, []) { SaysNothing = TimeSpan.FromSeconds(60) } };
        var dead = new WebServer();
        dead.Dispose();
        var watch = Stopwatch.StartNew();

        var said = _user.Shell($"{Machine.FirnCommands}/nix-build {_user.Write("top.nix", Package)} --no-out-link "
            + $"--option substituters '{dead.Url} {silent.Url}' --option connect-timeout 1 2>&1");

        Assert.Contains("-top", said, StringComparison.Ordinal);
        Assert.Contains("is left alone", said, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void What_is_damaged_on_a_server_never_becomes_valid()
    {
        var (path, key) = Publish($"{_server.Url}/cache?compression=none");
        foreach (var (name, file) in _server.Files.Where(f => f.Key.Contains("/nar/", StringComparison.Ordinal)))
        {
            var damaged = file.ToArray();
            damaged[Encoding.ASCII.GetString(file).IndexOf("contents", StringComparison.Ordinal) + 17] ^= 0x20;
            _server.Files[name] = damaged;
        }

        var failure = _user.Fails("nix-store", "-r", path, "--option", "substituters", $"{_server.Url}/cache", "--option", "trusted-public-keys", key);

        Assert.Contains("hash mismatch", failure.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, _user.Fails("nix-store", "--check-validity", path).ExitCode);
    }

    [Fact]
    public void A_large_object_needs_little_memory()
    {
        const long size = 400L << 20;
        // Bytes that hardly compress, made in a moment.
        var path = _builder.Shell($"openssl enc -aes-128-ctr -pass pass:x -nosalt -in /dev/zero 2>/dev/null | head -c {size} > {_builder.Home}/large; "
            + $"{Machine.FirnCommands}/nix-store --add {_builder.Home}/large");
        const string limit = "DOTNET_GCHeapHardLimit=0x4000000";
        _builder.Shell($"{limit} {Machine.FirnCommands}/nix copy --to 'file://{_builder.Home}/cache?compression=zstd' {path}");

        _user.Shell($"{limit} {Machine.FirnCommands}/nix copy --no-check-sigs --from file://{_builder.Home}/cache {path}");

        Assert.Equal($"{size}", _user.Shell($"stat -c %s {path}"));
    }

    [Fact]
    public void Each_fetches_over_http_what_the_other_put_there()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        var (path, key) = Publish($"{_server.Url}/ours");
        _user.Reference("nix-store", "-r", path, "--option", "substituters", $"{_server.Url}/ours", "--option", "trusted-public-keys", key);
        _user.Reference("nix", "copy", "--to", $"{_server.Url}/theirs?compression=xz", path);
        using var third = new Machine("sandbox = false");

        third.Firn("nix-store", "-r", path, "--option", "substituters", $"{_server.Url}/theirs", "--option", "trusted-public-keys", key);

        Assert.Equal(_builder.Shell($"cat {path}"), third.Shell($"cat {path}"));
        third.Firn("nix-store", "--verify", "--check-contents");
        third.Reference("nix-store", "--verify", "--check-contents");
    }

    [Fact]
    public void A_bucket_is_filled_and_fetched_from()
    {
        using var s3 = FindS3(out var url);
        Assert.SkipWhen(s3 is null, "moto is not installed: pip install 'moto[server]'");
        const string keys = "AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s";
        _builder.Shell($"curl -sf -X PUT {url}/bucket");
        var path = _builder.Shell($"{Machine.FirnCommands}/nix-build {_builder.Write("top.nix", Package)} --no-out-link");
        var bucket = $"'s3://bucket/folder?endpoint={url}&region=us-east-1'";

        _builder.Shell($"{keys} {Machine.FirnCommands}/nix copy --to {bucket} {path}");
        _user.Shell($"{keys} {Machine.FirnCommands}/nix copy --no-check-sigs --from {bucket} {path}");

        Assert.Equal(_builder.Shell($"cat {path}"), _user.Shell($"cat {path}"));
        Assert.Contains("-needed", _user.Shell($"{keys} {Machine.FirnCommands}/nix store cat --store {bucket} {path}"), StringComparison.Ordinal);

        _builder.Shell("head -c 12000000 /dev/urandom > large");
        var large = _builder.Firn("nix-store", "--add", "large");
        var parts = bucket.TrimEnd('\'') + "&compression=none&multipart-upload=true&multipart-threshold=5M'";
        _builder.Shell($"{keys} {Machine.FirnCommands}/nix copy --to {parts} {large}");
        _user.Shell($"{keys} {Machine.FirnCommands}/nix copy --no-check-sigs --from {bucket} {large}");
        Assert.Equal(_builder.Shell($"sha256sum < {large}"), _user.Shell($"sha256sum < {large}"));

        var info = $"'s3://bucket/folder/nix-cache-info?endpoint={url}&region=us-east-1'";
        var hash = _user.Shell($"{keys} {Machine.FirnCommands}/nix-prefetch-url {info} 2>/dev/null");
        Assert.Equal("StoreDir: /nix/store", _user.Shell($"cat $({keys} {Machine.FirnCommands}/nix eval --raw --expr 'builtins.fetchurl {{ name = \"info\"; url = {info.Replace('\'', '"')}; sha256 = \"{hash}\"; }}')"));
        Assert.Equal("StoreDir: /nix/store", _user.Shell(
            $"cat $({keys} {Machine.FirnCommands}/nix-build --no-out-link -E 'import <nix/fetchurl.nix> {{ url = {info.Replace('\'', '"')}; sha256 = \"{hash}\"; name = \"other\"; }}')"));
    }

    /// <summary>Builds the package, puts it to a cache with a new key, and returns it and the key's public half.</summary>
    private (string Path, string Key) Publish(string cache)
    {
        var key = $"{_builder.Home}/key";
        _builder.Shell($"{Machine.FirnCommands}/nix key generate-secret --key-name test-1 > {key}");
        var path = _builder.Shell($"{Machine.FirnCommands}/nix-build {_builder.Write("top.nix", Package)} --no-out-link");
        _builder.Firn("nix", "copy", "--to", $"{cache}{(cache.Contains('?') ? '&' : '?')}secret-key={key}", path);
        return (path, _builder.Shell($"{Machine.FirnCommands}/nix key convert-secret-to-public < {key}"));
    }

    private static RunningProcess? FindS3(out string url)
    {
        var port = Random.Shared.Next(20000, 60000);
        url = $"http://127.0.0.1:{port}";
        try
        {
            var process = Process.Start(new ProcessStartInfo("moto_server", ["-p", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var client = new HttpClient();
            for (var i = 0; i < 300 && !process.HasExited; i++)
            {
                try
                {
                    client.GetAsync(new Uri(url)).GetAwaiter().GetResult().Dispose();
                    return new RunningProcess(process);
                }
                catch (HttpRequestException)
                {
                    Thread.Sleep(100);
                }
            }

            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed class RunningProcess(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
