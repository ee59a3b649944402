using System.Net.Sockets;
using System.Text;

namespace Firn.EndToEnd.Caches;

/// <summary>Caches are pushed to and fetched from by firn and by C++ Nix, and survive whatever happens to the server.</summary>
public sealed class CacheServerTests : IDisposable
{
    private const string Expression = """
        { seed ? "" }:
        let
          build = name: before: derivation {
            inherit name before;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i of ${name}${seed}; done > $out; echo $before >> $out" ];
          };
        in
        build "top" [ (build "left" [ (build "low" [ ]) ]) (build "right" [ ]) ]
        """;

    private readonly Machine _here = new("sandbox = false");

    public void Dispose() => _here.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_closure_that_one_pushes_the_other_fetches(bool firnPushes, bool firnFetches)
    {
        Assert.SkipUnless(Machine.HasReference || (firnPushes && firnFetches), "C++ Nix is not installed: eng/reference install");
        using var server = new RunningServer(_here);
        var top = _here.Firn("nix-build", _here.Write("set.nix", Expression), "--no-out-link");
        if (firnPushes)
        {
            _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
            _here.Firn("firn", "cache", "push", "team", top);
        }
        else
        {
            _here.Reference("nix", ["copy", .. server.SettingsOn(_here), "--to", $"{server.Url}/team", top]);
        }

        using var there = new Machine("sandbox = false");
        string[] copy = ["copy", .. server.SettingsOn(there), "--from", $"{server.Url}/team", top];
        if (firnFetches)
        {
            there.Firn("nix", copy);
            there.Firn("nix-store", "--verify", "--check-contents");
        }
        else
        {
            there.Reference("nix", copy);
            there.Reference("nix-store", "--verify", "--check-contents");
        }

        Assert.Equal(_here.Shell($"sha256sum {top}"), there.Shell($"sha256sum {top}"));
        Assert.DoesNotContain(server.Token, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void The_login_beside_the_configuration_is_used_and_without_it_one_is_told_where_it_goes()
    {
        using var server = new RunningServer(_here);
        _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
        var path = _here.Firn("nix-store", "--add", _here.Write("some", "thing"));
        _here.Firn("firn", "cache", "push", "team", path);
        using var there = new Machine("sandbox = false", $"substituters = {server.Url}/team");

        Assert.Contains("'netrc-file'", there.Fails("nix-store", "-r", path).Errors, StringComparison.Ordinal);
        var lines = _here.Firn("firn", "cache", "pull-config", "team").Split('\n');
        File.WriteAllText($"{there.Folder}/etc/netrc", lines.Single(l => l.StartsWith("# netrc: ", StringComparison.Ordinal))["# netrc: ".Length..]
            .Replace("TOKEN", server.Token, StringComparison.Ordinal));
        there.Firn("nix-store", "-r", path);
        Assert.Equal("thing", there.Shell($"cat {path}"));
    }

    [Fact]
    public void What_is_built_is_pushed_by_the_build_and_by_a_watcher()
    {
        using var server = new RunningServer(_here);
        _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
        var file = _here.Write("set.nix", Expression);
        _here.Firn("firn", "build", "-f", file, "--no-link", "--push", "team");
        Assert.Contains(" 4 paths", _here.Firn("firn", "cache", "list", "--data", server.Folder), StringComparison.Ordinal);

        using var watcher = _here.StartFirn("firn", "cache", "watch", "team");
        try
        {
            Assert.Contains("watching", watcher.StandardError.ReadLine(), StringComparison.Ordinal);
            _here.Firn("nix-build", file, "--argstr", "seed", "another", "--no-out-link");
            Assert.True(
                SpinWait.SpinUntil(() => _here.Firn("firn", "cache", "list", "--data", server.Folder).Contains(" 8 paths", StringComparison.Ordinal), TimeSpan.FromSeconds(60)),
                _here.Firn("firn", "cache", "list", "--data", server.Folder));
        }
        finally
        {
            watcher.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void Whoever_builds_through_a_daemon_watches_through_it_too()
    {
        using var server = new RunningServer(_here);
        using var daemon = new Interop.RunningDaemon(_here, isFirn: true);
        _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
        using var watcher = _here.StartFirn("firn", "cache", "watch", "team", "--store", daemon.Local);
        try
        {
            Assert.Contains("watching", watcher.StandardError.ReadLine(), StringComparison.Ordinal);
            _here.Firn("nix-build", _here.Write("set.nix", Expression), "--no-out-link", "--store", daemon.Local);
            Assert.True(SpinWait.SpinUntil(() => Count(server) == 4, TimeSpan.FromSeconds(60)));
        }
        finally
        {
            watcher.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_named_by_its_content_is_fetched_again_from_each_cache_that_it_is_pushed_to(bool throughDaemon)
    {
        const string Features = "extra-experimental-features = ca-derivations";
        using var server = new RunningServer(_here);
        _here.Firn("firn", "cache", "create", "open", "--public", "--data", server.Folder);
        var token = _here.Firn("firn", "cache", "token", "create", "all", "--all-caches", "--push", "--pull", "--data", server.Folder);
        _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
        _here.Firn("firn", "cache", "login", "open", $"{server.Url}/open", "--token-file", _here.Write("token", token));
        const string Floating = """
            let
              floating = name: before: derivation {
                inherit name before;
                system = builtins.currentSystem;
                builder = "/bin/sh";
                args = [ "-c" "echo ${name} of $before > $out" ];
                __contentAddressed = true;
                outputHashMode = "recursive";
                outputHashAlgo = "sha256";
              };
            in
            floating "top" (floating "low" "")
            """;
        using var builder = new Machine("sandbox = false", Features);
        Assert.Contains("'nope'", builder.Fails("firn", "build", "-f", builder.Write("set.nix", Floating), "--no-link", "--push", "nope").Errors, StringComparison.Ordinal);
        Assert.Equal("", builder.Shell("ls /nix/store/*-top || true"));
        Directory.CreateDirectory($"{builder.Home}/.config/firn");
        builder.Shell($"cp -r {_here.Home}/.config/firn/caches {builder.Home}/.config/firn/");
        using var daemon = throughDaemon ? new Interop.RunningDaemon(builder, isFirn: true) : null;
        string[] store = daemon is null ? [] : ["--store", daemon.Local];
        var top = builder.Firn("firn", ["build", "-f", builder.Write("set.nix", Floating), "--no-link", "--print-out-paths", "--push", "team", "--push", "open", .. store]);

        using var there = new Machine("sandbox = false", Features, $"substituters = {server.Url}/open", $"trusted-public-keys = {_here.Firn("firn", "cache", "keys", "--data", server.Folder, "open")}");
        Assert.Equal(top, there.Firn("nix-build", there.Write("set.nix", Floating), "--no-out-link", "--option", "max-jobs", "0"));
        Assert.Contains("'firn --help'", there.Fails("firn", "cache", "push").Errors, StringComparison.Ordinal);
        Assert.Contains("team: private, 2 paths", _here.Firn("firn", "cache", "list", "--data", server.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_killed_during_uploads_has_what_it_had_and_nothing_else()
    {
        var top = _here.Firn("nix-build", _here.Write("set.nix", Expression), "--no-out-link");
        using (var server = new RunningServer(_here))
        {
            _here.Firn("firn", "cache", "login", "team", $"{server.Url}/team", "--token-file", $"{server.Folder}/team.token");
            _here.Firn("firn", "cache", "push", "team", top);
            using var half = BeginUpload(server, "half.nar");
            Assert.True(
                SpinWait.SpinUntil(() => Directory.GetFiles($"{server.Folder}/blobs/unfinished").Length > 0, TimeSpan.FromSeconds(20)), "no upload was begun");
            server.Kill();
        }

        using var again = new RunningServer(_here);
        Assert.Equal(4, Count(again));
        using (var there = new Machine("sandbox = false"))
        {
            there.Firn("nix", ["copy", .. again.SettingsOn(there), "--from", $"{again.Url}/team", top]);
            there.Firn("nix-store", "--verify", "--check-contents");
        }

        // The garbage of the upload goes with the next collection, and nothing else does.
        _here.Firn("firn", "cache", "gc", "--data", again.Folder, "--grace", "0s");
        Assert.Empty(Directory.GetFiles($"{again.Folder}/blobs/unfinished"));
        Assert.Equal(4, Count(again));
    }

    private int Count(RunningServer server) =>
        _here.Firn("firn", "cache", "list", "--json", "--data", server.Folder).Contains("\"paths\":4", StringComparison.Ordinal) ? 4 : -1;

    // So much of an archive that chunks of it are on the disk, and no end.
    private static TcpClient BeginUpload(RunningServer server, string name)
    {
        var noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        var client = new TcpClient();
        client.Connect("127.0.0.1", new Uri(server.Url!).Port);
        client.Client.Send(Encoding.ASCII.GetBytes(
            $"PUT /team/nar/{name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Token}\r\nContent-Length: 90000000\r\n\r\n"));
        foreach (var word in (string[])["nix-archive-1", "(", "type", "regular", "contents"])
        {
            client.Client.Send(BitConverter.GetBytes((long)word.Length));
            client.Client.Send(Encoding.ASCII.GetBytes(word.PadRight((word.Length + 7) & ~7, '\0')));
        }

        client.Client.Send(BitConverter.GetBytes(80_000_000L));
        client.Client.Send(noise);
        return client;
    }
}
