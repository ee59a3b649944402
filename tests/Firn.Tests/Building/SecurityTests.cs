using Firn.Model.ContentAddresses;
using Firn.Model.Derivations;
using Firn.Model.Hashing;
using Firn.Sandbox;
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

    [Fact]
    public void The_builtin_download_tells_a_login_only_to_the_server_that_it_is_for()
    {
        using var server = new WebServer();
        using var world = new BuildWorld();
        server.Files["/hello"] = "hello"u8.ToArray();
        File.WriteAllText($"{world.Folder}/netrc", "machine 127.0.0.1 login me password secret\nmachine example.org login me password other\n");
        world.BuilderOptions = world.BuilderOptions with { NetrcFile = $"{world.Folder}/netrc" };

        var result = world.Build(Download($"{server.Url}/hello", "hello"u8));
        Assert.Null(result.Failure?.Message);
        Assert.Equal($"Basic {Convert.ToBase64String("me:secret"u8)}", Assert.Single(server.Requests).Headers["authorization"]);
        Assert.DoesNotContain(Everything(world), text => text.Contains("secret", StringComparison.Ordinal));

        server.Requests.Clear();
        world.Build(Download($"{server.Url.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal)}/other", "other"u8));
        Assert.DoesNotContain(server.Requests, r => r.Headers.ContainsKey("authorization"));
    }

    [Fact]
    public void A_login_in_an_address_is_in_no_message_of_a_download_that_failed()
    {
        using var server = new WebServer();
        using var world = new BuildWorld();
        var result = world.Build(Download($"{server.Url.Replace("//", "//me:secret@", StringComparison.Ordinal)}/none", "x"u8));
        Assert.NotNull(result.Failure);
        Assert.DoesNotContain(Everything(world).Append(result.Failure.Message), text => text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mirror_of_hashes_is_asked_first_and_the_place_itself_when_it_has_nothing()
    {
        using var server = new WebServer();
        using var world = new BuildWorld();
        world.Settings = world.Settings with { HashedMirrors = [$"{server.Url}/empty/", $"{server.Url}/mirror"] };
        server.Files[$"/mirror/sha256/{Hash.Sha256("a"u8).Digest(HashFormat.Base16)}"] = "a"u8.ToArray();
        server.Files["/b"] = "b"u8.ToArray();

        Assert.Null(world.Build(Download($"{server.Url}/a", "a"u8)).Failure?.Message);
        Assert.DoesNotContain("/a", server.Paths);
        Assert.Null(world.Build(Download($"{server.Url}/b", "b"u8)).Failure?.Message);
        Assert.Contains("/b", server.Paths);
    }

    [Fact]
    public void The_builtin_download_sees_of_this_machine_what_the_sandbox_shows()
    {
        using var world = new BuildWorld(isSandboxed: true);
        Directory.CreateDirectory($"{world.Folder}/shown");
        File.WriteAllText($"{world.Folder}/shown/file", "some");
        File.WriteAllText($"{world.Folder}/hidden", "other");
        File.CreateSymbolicLink($"{world.Folder}/shown/link", $"{world.Folder}/hidden");
        var hidden = Download($"file://{world.Folder}/hidden", "other"u8);
        var shown = Download($"file://{world.Folder}/shown/file", "some"u8);

        Assert.NotNull(world.Build(hidden).Failure);
        Assert.Contains(world.Log.Lines, line => line.Contains("builds in a sandbox do not see", StringComparison.Ordinal));
        Assert.NotNull(world.Build(shown).Failure);

        world.Sandbox = world.Sandbox with { SandboxPaths = [.. world.Sandbox.SandboxPaths, $"{world.Folder}/shown"] };
        Assert.Null(world.Build(shown).Failure?.Message);
        Assert.NotNull(world.Build(hidden).Failure);
        Assert.NotNull(world.Build(Download($"file://{world.Folder}/shown/link", "other"u8)).Failure);
        var input = world.Store.AddText("input", "of the store"u8.ToArray(), [], repair: false);
        Assert.Null(world.Build(Download($"file://{world.Directory.Absolute(input)}", "of the store"u8) with { Sources = [input] }).Failure?.Message);

        world.Sandbox = world.Sandbox with { Sandbox = SandboxMode.Relaxed };
        Assert.Null(world.Build(hidden).Failure?.Message);
    }

    [Theory]
    [InlineData("builtin:fetchurl", "0600", false)]
    [InlineData("builtin:fetchurl", "0644", true)]
    [InlineData("builtin:unpack-channel", "0600", false)]
    [InlineData("builtin:unpack-channel", "0644", true)]
    public void A_builtin_builder_reads_no_more_of_the_machine_than_a_build_user_could(string builder, string mode, bool isRead)
    {
        // Found here: it ran as the daemon, so that whoever may build could have root's files read into the store.
        Assert.SkipUnless(Firn.Platform.Linux.CurrentUser.IsRoot, "only root has build users");
        using var world = new BuildWorld();
        world.Sandbox = world.Sandbox with { AutoAllocateUids = true };
        Directory.CreateDirectory($"{world.Folder}/channel");
        File.WriteAllText($"{world.Folder}/channel/file", "some");
        System.Formats.Tar.TarFile.CreateFromDirectory($"{world.Folder}/channel", $"{world.Folder}/archive", includeBaseDirectory: true);
        File.SetUnixFileMode($"{world.Folder}/archive", (UnixFileMode)Convert.ToInt32(mode, 8));
        File.SetUnixFileMode(world.Folder, (UnixFileMode)0x1ed);
        var recipe = builder == "builtin:fetchurl"
            ? Download($"file://{world.Folder}/archive", File.ReadAllBytes($"{world.Folder}/archive"))
            : new Recipe("")
            {
                Builder = builder,
                System = "builtin",
                Variables = { ["src"] = $"{world.Folder}/archive", ["channelName"] = "channel" },
            };

        Assert.Equal(isRead, world.Build(recipe).Failure is null);
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

    private static Recipe Download(string url, ReadOnlySpan<byte> content) => new("")
    {
        Builder = "builtin:fetchurl",
        System = "builtin",
        Way = BuilderTests.Fixed(Hash.Sha256(content)),
        Variables = { ["url"] = url, ["urls"] = url },
    };

    // All that was printed, and all that lies on the disk beside what the test itself put there.
    private static IEnumerable<string> Everything(BuildWorld world) =>
    [
        .. world.Log.Messages.Select(m => m.Text), .. world.Log.Events.Select(e => e.Text),
        .. ((string[])["store", "var", "log"]).Select(f => $"{world.Folder}/{f}").Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Where(f => !f.EndsWith(".drv", StringComparison.Ordinal) && !f.Contains("/db/", StringComparison.Ordinal) && !f.Contains("/temproots/", StringComparison.Ordinal))
            .Select(f => System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(f))),
    ];

    // The folder and those above it which the store has made.
    private static IEnumerable<string> Ancestors(string folder)
    {
        for (; folder.Length > 1 && !folder.EndsWith("/builds", StringComparison.Ordinal); folder = Path.GetDirectoryName(folder)!)
        {
            yield return folder;
        }
    }
}
