using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;

namespace Firn.Tests.Building;

/// <summary>Incidents of other implementations that must not happen here.</summary>
public sealed class SecurityTests
{
    [Fact]
    public void A_fixed_output_build_cannot_change_its_output_once_it_is_registered()
    {
        // CVE-2024-27297: whoever kept a hold of the output's file could write to it afterwards.
        using var world = new BuildWorld();
        var stolen = $"{world.Store.Layout.StateDirectory}/stolen";
        var way = new DerivationOutput.FixedContent(new ContentAddress(ContentAddressMethod.Flat, Hash.Sha256("good\n"u8)));
        var result = world.Build(new Recipe($"echo good > $out; ln $out {stolen}") { Way = way });
        Assert.Null(result.Failure?.Message);

        File.SetUnixFileMode(stolen, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(stolen, "evil\n");

        Assert.Equal("good\n", world.Read(result.Outputs["out"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_else_gets_into_the_folder_of_a_running_build(bool isSandboxed)
    {
        // CVE-2024-38531. The folder is looked at from outside while the builder runs.
        using var world = new BuildWorld(isSandboxed);
        var folder = $"{world.Store.Layout.StateDirectory}/builds";
        var derivation = world.Add(new Recipe("i=0; while [ ! -e go ] && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.1; done; echo > $out"));
        UnixFileMode? mode = null;
        var watcher = new Thread(() =>
        {
            for (var i = 0; i < 100 && mode is null; i++, Thread.Sleep(50))
            {
                if (Directory.Exists(folder) && Directory.EnumerateDirectories(folder).FirstOrDefault() is { } top)
                {
                    mode = File.GetUnixFileMode(top);
                    File.WriteAllText($"{(isSandboxed ? top + "/build" : top)}/go", "");
                }
            }
        });
        watcher.Start();
        Assert.Null(world.Build(derivation).Failure?.Message);
        watcher.Join();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    [Fact]
    public void Folders_of_users_can_be_written_by_their_users_alone()
    {
        // CVE-2019-17365: anybody could make the folder of another user's profiles.
        using var world = new BuildWorld();

        foreach (var folder in (string[])[world.Store.Layout.ProfilesDirectory, world.Store.Layout.GcRootsDirectory])
        {
            Assert.Equal((UnixFileMode)0x1ed, File.GetUnixFileMode($"{folder}/per-user"));
        }
    }

    [Fact]
    public void A_fixed_output_build_gets_no_variable_of_ours_that_it_was_not_promised()
    {
        using var world = new BuildWorld(isSandboxed: true);
        world.BuilderOptions = world.BuilderOptions with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["TOKEN"] = "secret", ["PROXY"] = "somewhere" },
        };
        var way = new DerivationOutput.FixedContent(new ContentAddress(ContentAddressMethod.Flat, Hash.Sha256("[] [somewhere]\n"u8)));
        var result = world.Build(new Recipe("echo \"[$TOKEN] [$PROXY]\" > $out") { Way = way, Variables = { ["impureEnvVars"] = "PROXY" } });

        Assert.Null(result.Failure?.Message);
    }
}
