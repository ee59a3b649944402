using System.Globalization;
using System.Runtime.CompilerServices;

namespace Firn.EndToEnd.Daemon;

/// <summary>A daemon and its clients, each of them firn or C++ Nix.</summary>
public sealed class DaemonTests : IDisposable
{
    private const string Expression = """
        let
          build = name: script: derivation {
            inherit name;
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" script ];
          };
          low = build "low" "echo low > $out";
        in
        {
          inherit low;
          top = build "top" "echo building top; echo ${build "middle" "echo ${low} > $out"} > $out";
          bad = build "bad" "echo this goes wrong; exit 1";
          slow = build "slow" "while :; do sleep_a_bit=1; done";
        }
        """;

    private readonly Machine _machine;
    private readonly string _file;

    public DaemonTests()
    {
        Assert.SkipUnless(Machine.HasReference, "C++ Nix is not installed: eng/reference install");
        _machine = new Machine(Machine.StaticShell, "sandbox = true");
        _file = _machine.Write("set.nix", Expression);
        _machine.Reference("nix-store", "--version");
    }

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Whoever_asks_and_whoever_serves_the_same_is_built(bool isFirnDaemon, bool isFirnClient)
    {
        var said = WithDaemon(isFirnDaemon, $"""
            export PATH={Commands(isFirnClient)}:$PATH
            out=$(nix-build {_file} -A top --no-out-link 2>$HOME/log)
            grep -q 'building top' $HOME/log || grep -q top.drv $HOME/log
            nix-store -qR $out | wc -l
            nix-store --verify-path $out
            nix-build {_file} -A low -o $HOME/result
            nix-store -q --roots $(readlink $HOME/result) | grep -c result
            nix-store --add {_file} > /dev/null
            nix-store --gc > /dev/null
            test -e $HOME/result
            if nix-build {_file} -A bad --no-out-link 2>$HOME/log; then exit 1; fi
            grep -c 'this goes wrong' $HOME/log | sed 's/.*/told/'
            nix store info --json | grep -o '"trusted":[^,}}]*'
            """);
        Assert.Equal("3", said[0]);
        Assert.Contains("1", said);
        Assert.Contains("told", said);
        Assert.Contains(said, line => line.Contains("true", StringComparison.Ordinal) || line.Contains("\"trusted\":1", StringComparison.Ordinal));
        _machine.Reference("nix-store", "--verify", "--check-contents");
        _machine.Firn("nix-store", "--verify", "--check-contents");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_closure_goes_over_ssh_and_back(bool isFirnThere, bool isFirnHere)
    {
        foreach (var scheme in (string[])["ssh", "ssh-ng"])
        {
            var program = $"{Commands(isFirnThere)}/{(scheme == "ssh" ? "nix-store" : "nix-daemon")}";
            var store = $"{scheme}://localhost?remote-program={program}&remote-store={_machine.Home}/there-{scheme}";
            var said = _machine.Shell($"""
                set -e
                export PATH={Commands(isFirnHere)}:$PATH
                out=$(nix-build {_file} -A top --no-out-link 2>/dev/null)
                nix copy --no-check-sigs --to '{store}' $out 2>/dev/null
                test -e {_machine.Home}/there-{scheme}$out
                nix-store --delete $out > /dev/null 2>&1
                test ! -e $out
                nix copy --no-check-sigs --from '{store}' $out 2>/dev/null
                nix-store --verify-path $out && cat $out
                """);
            Assert.Contains("middle", said);
        }
    }

    [Fact]
    public void When_a_client_goes_its_build_ends()
    {
        var said = WithDaemon(isFirn: true, $"""
            export PATH={Commands(isFirn: true)}:$PATH
            nix-build {_file} -A slow --no-out-link > /dev/null 2>&1 &
            client=$!
            for i in $(seq 100); do ps -eo args | grep -q '[w]hile :; do' && break; sleep 0.1; done
            kill -9 $client
            for i in $(seq 100); do ps -eo args | grep -q '[w]hile :; do' || break; sleep 0.1; done
            ps -eo args | grep -c '[w]hile :; do' || true
            """);
        Assert.Equal("0", said[^1]);
    }

    [Fact]
    public void A_service_manager_can_pass_the_socket()
    {
        var said = _machine.Shell($$"""
            set -e
            export PATH={{Commands(isFirn: true)}}:$PATH NIX_DAEMON_SOCKET_PATH=$HOME/passed
            command -v python3 > /dev/null || { echo true; exit 0; }
            python3 -c '
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(5)
            os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
            os.environ["LISTEN_FDS"] = "1"; os.environ["LISTEN_PID"] = str(os.getpid())
            os.execvp("nix-daemon", ["nix-daemon"])' $HOME/passed > $HOME/daemon.log 2>&1 &
            for i in $(seq 100); do [ -S $HOME/passed ] && break; sleep 0.05; done
            NIX_REMOTE=daemon nix store info --json | grep -o 'true'
            kill $!
            """);
        Assert.Contains("true", said);
    }

    [Fact]
    public void Many_clients_some_of_them_killed_leave_a_store_that_verifies_and_nothing_else()
    {
        string Setting(string name, int usual) => Environment.GetEnvironmentVariable(name) ?? usual.ToString(CultureInfo.InvariantCulture);
        var said = _machine.Shell(
            $"PATH={Commands(isFirn: true)}:$PATH exec bash {Here()}/soak.sh {_file} {Setting("FIRN_SOAK_SECONDS", 8)} {Setting("FIRN_SOAK_CLIENTS", 16)}");
        Assert.EndsWith("clean", said);
    }

    private string Commands(bool isFirn) => isFirn ? Machine.FirnCommands : Path.GetFullPath($"{_machine.Home}/../reference");

    private string[] WithDaemon(bool isFirn, string script) => _machine.Shell($$"""
        set -e
        export NIX_DAEMON_SOCKET_PATH=$HOME/socket
        {{Commands(isFirn)}}/nix-daemon > $HOME/daemon.log 2>&1 &
        daemon=$!
        trap 'kill $daemon' EXIT
        for i in $(seq 200); do [ -S $NIX_DAEMON_SOCKET_PATH ] && break; sleep 0.05; done
        export NIX_REMOTE=daemon
        {{script}}
        """).Split('\n');

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
