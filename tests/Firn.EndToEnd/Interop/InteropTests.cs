using Firn.EndToEnd.Caches;

namespace Firn.EndToEnd.Interop;

/// <summary>A closure goes from one implementation through a cache or daemon of another to both, and what they add comes back.</summary>
/// <remarks>
/// Three machines with stores of their own: one that serves, one that has firn, one that has C++ Nix. Each signature is
/// demanded; after each step both programs verify what lies there, whoever wrote it.
/// </remarks>
public sealed class InteropTests : IDisposable
{
    // References to others and to itself, more than one output, links, executables, folders, text, content that is known before.
    private const string Expression = """
        let
          shell = name: more: script: derivation ({
            inherit name;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            PATH = "/usr/bin:/bin";
            args = [ "-c" script ];
          } // more);
          text = builtins.toFile "text" "some text\n";
          fixed = shell "fixed" { outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "known\n"; } "echo known > $out";
          low = shell "low" { outputs = [ "out" "dev" ]; } ''
            mkdir -p $out/bin $dev/empty; echo "echo $out" > $out/bin/low; chmod +x $out/bin/low
            ln -s ../bin/low $out/link; ln -s $out/bin/low $dev/low; printf 'a\0b\377' > $dev/bytes
            i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done > $out/many
          '';
        in
        rec {
          top = shell "top" { inherit low text fixed; } ''mkdir $out; cat $text $fixed > $out/content; ln -s $low $out/low; echo $out > $out/self'';
          more = who: shell "more-${who}" { inherit top; } ''echo ${who} builds upon $top > $out'';
          moreOfFirn = more "firn";
          moreOfReference = more "reference";
        }
        """;

    private readonly List<Machine> _machines = [];
    private string[] _settings = [];

    public InteropTests() => Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");

    private delegate string Program(string command, params string[] arguments);

    public void Dispose() => _machines.ForEach(m => m.Dispose());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Through_a_cache_server_of_firn(bool firnBuilds)
    {
        var (builder, withFirn, withReference) = (NewMachine(), NewMachine(), NewMachine());
        using var server = new RunningServer(builder);
        var cache = $"{server.Url}/team";
        var build = firnBuilds ? (Program)builder.Firn : builder.Reference;
        var top = Build(builder, build, "top");
        build("nix", ["copy", .. server.SettingsOn(builder), "--to", cache, top]);

        var added = new List<string>();
        foreach (var (machine, program, name) in new (Machine, Program, string)[]
            { (withFirn, withFirn.Firn, "moreOfFirn"), (withReference, withReference.Reference, "moreOfReference") })
        {
            var access = Both(server.SettingsOn(machine));
            program("nix", ["copy", .. access, "--from", cache, top]);
            AssertSame(builder, machine, top);
            added.Add(Build(machine, program, name));
            program("nix", ["copy", .. access, "--to", cache, added[^1]]);
        }

        foreach (var path in added)
        {
            // Each of the builder's programs fetches one of them.
            (path == added[0] ? (Program)builder.Reference : builder.Firn)("nix", ["copy", .. Both(server.SettingsOn(builder)), "--from", cache, path]);
            AssertSame(path.Contains("firn", StringComparison.Ordinal) ? withFirn : withReference, builder, path);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Through_a_daemon(bool firnServes)
    {
        var (server, withFirn, withReference) = (NewMachine(), NewMachine(), NewMachine());
        using var daemon = new RunningDaemon(server, firnServes);
        // The client is always of the other kind.
        var client = firnServes ? (Program)server.Reference : server.Firn;
        var link = $"{server.Home}/result";
        var top = client("nix-build", "--store", daemon.Local, server.Write("set.nix", Expression), "-A", "top", "-o", link);
        Assert.Equal(top, server.Shell($"readlink {link}"));
        VerifyBoth(server);

        var added = new List<string>();
        foreach (var (machine, program, name) in new (Machine, Program, string)[]
            { (withFirn, withFirn.Firn, "moreOfFirn"), (withReference, withReference.Reference, "moreOfReference") })
        {
            // One half comes as over ssh, the rest through the socket.
            var text = server.Shell($"cat {top}/content");
            var low = server.Shell($"readlink {top}/low");
            program("nix", "copy", "--from", daemon.Ssh, low);
            program("nix", "copy", "--from", daemon.Mounted, top);
            AssertSame(server, machine, top);
            Assert.Equal(text, machine.Shell($"cat {top}/content"));
            added.Add(Build(machine, program, name));
            // Back the other way round.
            program("nix", "copy", "--to", name == "moreOfFirn" ? daemon.Ssh : daemon.Mounted, added[^1]);
            AssertSame(machine, server, added[^1]);
        }

        // The daemon answers both about all of it in the same words, and both collect through it only what nobody holds.
        Assert.Equal(server.Firn("nix-store", "--store", daemon.Local, "-qR", added[1]), server.Reference("nix-store", "--store", daemon.Local, "-qR", added[1]));
        foreach (var program in new Program[] { server.Firn, server.Reference })
        {
            Assert.Contains("\"trusted\":true", program("nix", "store", "info", "--store", daemon.Local, "--json"), StringComparison.Ordinal);
        }

        server.Firn("nix-store", "--store", daemon.Local, "--delete", added[0]);
        // What was exported elsewhere comes in through it, and what is in it goes elsewhere, realisations or not.
        withFirn.Shell($"{Machine.FirnCommands}/nix-store --export {added[0]} >{withFirn.Home}/export");
        Assert.Equal(added[0], server.Shell($"{Machine.FirnCommands}/nix-store --store {daemon.Local} --import <{withFirn.Home}/export"));
        server.Firn("nix", "copy", "--store", daemon.Local, "--extra-experimental-features", "ca-derivations", "--no-check-sigs", "--to", $"{server.Home}/elsewhere", added[0]);
        server.Firn("nix-store", "--store", daemon.Local, "--delete", added[0]);
        client("nix-store", "--store", daemon.Local, "--gc");
        Assert.Equal("gone", server.Shell($"test -e {added[0]} -o -e {added[1]} && echo there || echo gone"));
        Assert.Equal("", client("nix-store", "--store", daemon.Local, "--check-validity", "--print-invalid", top));
        VerifyBoth(server);
    }

    private static void VerifyBoth(Machine machine)
    {
        machine.Firn("nix-store", "--verify", "--check-contents");
        machine.Reference("nix-store", "--verify", "--check-contents");
    }

    private Machine NewMachine()
    {
        // All build with one key and demand it of others, so that what one adds the others take.
        if (_machines.Count == 0)
        {
            var maker = new Machine();
            _machines.Add(maker);
            var secret = maker.Write("key", maker.Firn("nix", "key", "generate-secret", "--key-name", "interop-1"));
            var key = maker.Shell($"{Machine.FirnCommands}/nix key convert-secret-to-public < {secret}");
            _settings = [$"secret-key-files = {secret}", $"trusted-public-keys = {key}", "sandbox = false", "require-sigs = true"];
        }

        var machine = new Machine(_settings);
        _machines.Add(machine);
        return machine;
    }

    // The cache's own key comes to ours, not in its place.
    private static string[] Both(string[] settings) => [.. settings.Select(s => s == "trusted-public-keys" ? "extra-trusted-public-keys" : s)];

    private static string Build(Machine machine, Program program, string attribute) =>
        program("nix-build", machine.Write("set.nix", Expression), "-A", attribute, "--no-out-link");

    private static void AssertSame(Machine from, Machine to, string path)
    {
        VerifyBoth(to);
        const string Each = "for p in $(nix-store -qR {0} | sort); do echo $p; nix-store --dump $p | sha256sum; nix-store -q --hash $p; nix-store -q --references $p | sort; done";
        string Ask(Machine machine, string commands) =>
            machine.Shell($"set -e; PATH={commands}:$PATH; {Each.Replace("{0}", path, StringComparison.Ordinal)}");
        var expected = Ask(from, Machine.FirnCommands);
        Assert.Equal(expected, Ask(to, Machine.FirnCommands));
        Assert.Equal(expected, Ask(to, to.ReferenceCommands));
        // 'nix store verify' looks at signatures, which '--verify' does not.
        to.Firn("nix", "store", "verify", "--recursive", path);
        to.Reference("nix", "store", "verify", "--recursive", path);
    }
}
