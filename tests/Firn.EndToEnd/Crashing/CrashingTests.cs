using System.Globalization;

namespace Firn.EndToEnd.Crashing;

/// <summary>Whenever firn is killed, it leaves a store that opens, verifies and goes on.</summary>
public sealed class CrashingTests
{
    private const string Expression = """
        { seed }:
        let
          build = number: derivation {
            name = "part-${toString number}-${seed}";
            system = builtins.currentSystem;
            builder = "/bin/sh";
            args = [ "-c" "echo ${toString number} > $out" ];
            before = if number == 0 then "" else build (number - 1);
          };
        in
        build 12
        """;

    // What a whole run takes is measured first, so that the kills fall into all of it on any machine.
    [Fact]
    public void A_store_survives_a_kill_at_any_moment_of_a_build()
    {
        using var machine = new Machine("sandbox = false");
        var file = machine.Write("chain.nix", Expression);
        string[] Build(string seed) => [file, "--no-out-link", "--argstr", "seed", seed];
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        machine.Firn("nix-build", Build("measured"));
        var whole = clock.GetElapsedTime(started);

        const int Kills = 25;
        for (var kill = 0; kill < Kills; kill++)
        {
            var seed = kill.ToString(CultureInfo.InvariantCulture);
            machine.KillFirn(whole * (kill + 1) / (Kills + 1), "nix-build", Build(seed));
            machine.Firn("nix-store", "--verify", "--check-contents");
        }

        for (var kill = 0; kill < Kills; kill += 8)
        {
            var output = machine.Firn("nix-build", Build(kill.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal("12", machine.Shell($"cat {output}"));
        }
    }

    [Fact]
    public void A_store_survives_a_kill_at_any_moment_of_adding_and_collecting()
    {
        using var machine = new Machine("sandbox = false");
        var tree = Directory.CreateDirectory($"{machine.Home}/tree").FullName;
        for (var file = 0; file < 300; file++)
        {
            File.WriteAllText($"{tree}/{file}", new string('x', file * 37));
        }

        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        machine.Firn("nix-store", "--add", tree);
        var adding = clock.GetElapsedTime(started);
        started = clock.GetTimestamp();
        machine.Firn("nix-store", "--gc");
        var collecting = clock.GetElapsedTime(started);

        const int Kills = 12;
        for (var kill = 1; kill <= Kills; kill++)
        {
            File.WriteAllText($"{tree}/changed", kill.ToString(CultureInfo.InvariantCulture));
            machine.KillFirn(adding * kill / Kills, "nix-store", "--add", tree);
            machine.KillFirn(collecting * kill / Kills, "nix-store", "--gc");
            machine.Firn("nix-store", "--verify", "--check-contents");
        }

        var path = machine.Firn("nix-store", "--add", tree);
        Assert.Equal("301", machine.Shell($"ls {path} | wc -l"));
    }
}
