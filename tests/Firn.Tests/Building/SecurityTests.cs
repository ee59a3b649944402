using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Tests.Transfers;

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

    [Fact]
    public void The_builtin_download_asks_only_servers_whose_certificate_is_trusted()
    {
        // CVE-2024-47174: builtin:fetchurl took any certificate, and told logins to whoever stood in between.
        using var server = new TlsServer();
        using var world = new BuildWorld();
        var recipe = new Recipe("")
        {
            Builder = "builtin:fetchurl",
            System = "builtin",
            Way = BuilderTests.Fixed(Hash.Sha256("hello"u8)),
            Variables = { ["url"] = $"{server.Url}/hello", ["urls"] = $"{server.Url}/hello" },
        };

        Assert.NotNull(world.Build(recipe).Failure);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_failed_build_leaves_nobody_else_can_change_and_it_has_no_special_bits(bool isSandboxed)
    {
        // CVE-2025-46415, CVE-2025-52991: builds that failed left folders that others could write to, and programs with set-uid bits.
        using var world = new BuildWorld(isSandboxed);
        world.Settings = world.Settings with { KeepFailed = true };
        world.Build(new Recipe("chmod 777 .; echo > program; chmod 6755 program 2>/dev/null; exit 1"));

        var kept = world.Log.Messages.Single(m => m.Text.StartsWith("note: keeping build directory", StringComparison.Ordinal)).Text.Split('"')[1];
        Assert.All(Ancestors(kept), folder => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode($"{kept}/program") & (UnixFileMode.SetUser | UnixFileMode.SetGroup));
    }

    // The folder and those above it which the store has made.
    private static IEnumerable<string> Ancestors(string folder)
    {
        for (; folder.Length > 1 && !folder.EndsWith("/builds", StringComparison.Ordinal); folder = Path.GetDirectoryName(folder)!)
        {
            yield return folder;
        }
    }
}
