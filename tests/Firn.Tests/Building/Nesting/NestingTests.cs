using System.Collections.Immutable;
using Firn.Building.Nesting;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Store;

namespace Firn.Tests.Building.Nesting;

/// <summary>Builders that work with the store: what they see, what they may ask for, what becomes of what they add.</summary>
public sealed class NestingTests : IDisposable
{
    private readonly BuildWorld _world = new(isSandboxed: true);
    private readonly Caller _caller = new();

    public NestingTests()
    {
        _world.Settings = _world.Settings with { SystemFeatures = ImmutableSortedSet.Create(Utf8Order.Comparer, "recursive-nix") };
        _world.BuilderOptions = _world.BuilderOptions with { NestedDaemon = _caller, AllowsContentAddressing = true };
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_a_builder_adds_appears_in_its_sandbox_and_its_output_may_refer_to_it()
    {
        var path = Absent("added", "what was added");
        _caller.Asks = store => store.Contents.AddText("added", "what was added"u8.ToArray(), [], repair: false);
        var result = Build($"{Wait(path)} cat {Absolute(path)} > $out; echo {Absolute(path)} >> $out");

        Assert.Equal($"what was added{Absolute(path)}\n", _world.Read(result.Outputs["out"]));
        Assert.Equal([path], _world.Store.Find(result.Outputs["out"])!.References);
    }

    [Fact]
    public void A_tree_arrives_whole_with_its_permissions_and_links()
    {
        var source = $"{_world.Folder}/tree";
        Directory.CreateDirectory($"{source}/deep/deeper");
        File.WriteAllText($"{source}/deep/run", "#!/bin/sh\necho ran\n");
        File.SetUnixFileMode($"{source}/deep/run", (UnixFileMode)0x1ed);
        File.CreateSymbolicLink($"{source}/link", "deep/run");
        var path = _world.Store.AddFromDisk("tree", source, Firn.Store.Contents.ContentOptions.Default);
        _caller.Asks = store => store.Contents.AddFromDisk("tree", source, Firn.Store.Contents.ContentOptions.Default);
        var at = Absolute(path);
        var result = Build($"{Wait(path)} (/bin/sh {at}/link; find {at} | sort; [ -x {at}/deep/run ] && echo executable; [ -w {at}/deep/run ] || echo closed) > $out");

        Assert.Equal(
            $"ran\n{at}\n{at}/deep\n{at}/deep/deeper\n{at}/deep/run\n{at}/link\nexecutable\nclosed\n", _world.Read(result.Outputs["out"]));
    }

    [Fact]
    public void What_a_builder_does_to_what_it_added_stays_in_its_sandbox()
    {
        var path = Absent("added", "what was added");
        _caller.Asks = store => store.Contents.AddText("added", "what was added"u8.ToArray(), [], repair: false);
        Build($"{Wait(path)} chmod u+w {Absolute(path)}; echo changed > {Absolute(path)}; cat {Absolute(path)} > $out");

        Assert.True(_world.Store.HasGoodContent(path));
    }

    [Fact]
    public void A_link_that_a_builder_puts_in_the_way_is_not_followed()
    {
        var path = Absent("added", "what was added");
        var victim = $"{_world.Folder}/victim";
        Directory.CreateDirectory(victim);
        Exception? refusal = null;
        _caller.AsksAt = (store, folder) =>
        {
            WaitFor($"{folder}/ready");
            refusal = Record.Exception(() => store.Contents.AddText("added", "what was added"u8.ToArray(), [], repair: false));
            File.WriteAllText($"{folder}/go", "");
        };
        Build($"ln -s {victim} {Absolute(path)}; touch ready; while ! [ -e go ]; do sleep 0.05; done; touch $out");

        Assert.Contains("has something of that name already", Assert.IsType<Firn.Building.BuildException>(refusal).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(victim));
    }

    [Fact]
    public void A_builder_knows_its_inputs_and_nothing_else()
    {
        var input = _world.Store.AddText("input", "in"u8.ToArray(), [], repair: false);
        var other = _world.Store.AddText("other", "out"u8.ToArray(), [], repair: false);
        _world.Store.AddSignatures(input, ["key:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="]);
        _caller.Asks = store =>
        {
            Assert.Equal([input], store.Infos.ListAll());
            Assert.True(store.Infos.IsValid(input));
            Assert.False(store.Infos.IsValid(other));
            Assert.Null(store.Infos.Find(other));
            var info = store.Infos.Find(input)!;
            Assert.Equal((0, false, 0), (info.Signatures.Length, info.IsUltimate, info.RegistrationTime));
            Refused(() => store.Nars.WriteNar(other, Stream.Null), "cannot dump unknown path");
            Refused(() => store.Outputs.FindOutputs(other), "cannot query output map for unknown path");
            Refused(() => store.Builds.Ensure(other, default), "cannot substitute unknown path");
            Refused(() => store.Builds.Build([new DerivedPath.Opaque(other)], BuildMode.Normal, default), "because path is unknown");
            Refused(() => store.Builds.Build([new DerivedPath.Opaque(input)], BuildMode.Repair, default), "cannot check or repair");
            Refused(() => store.Roots.AddPermanentRoot(input, "/link"), "cannot make roots");
            Assert.Contains(other, store.Builds.Plan([new DerivedPath.Opaque(other)]).Unknown);
            Assert.Empty(store.Referrers.FindReferrers(input));
            store.Nars.WriteNar(input, Stream.Null);
            store.Builds.Ensure(input, default);
        };
        Build("touch $out", input);
    }

    [Fact]
    public void What_is_built_for_a_builder_it_sees_with_all_that_belongs_to_it()
    {
        var low = new Recipe("echo low > $out") { Name = "low" };
        var lowPath = _world.Add(low);
        var lowOutput = _world.Store.Read(lowPath).Outputs[0].Output.FindPath(_world.Directory, "low", "out")!;
        var recipe = new Recipe("echo \"$low\" > $out") { Name = "inner", Inputs = [lowPath], Variables = { ["low"] = Absolute(lowOutput) } };
        var derivation = recipe.ToDerivation(_world);
        var (text, references) = (DerivationAterm.Write(derivation, _world.Directory), derivation.InputDerivations.Select(i => i.Path).ToList());
        var inner = _world.Add(recipe);
        var wanted = derivation.Outputs[0].Output.FindPath(_world.Directory, "inner", "out")!;
        var id = new DrvOutput(HashModulo.Of(derivation, _world.Directory, masked: true,
            p => HashModulo.Of(_world.Store.Read(p), _world.Directory, masked: false, _ => throw new InvalidOperationException())).Find("out")!, "out");
        _caller.Asks = store =>
        {
            Refused(() => store.Builds.Build([DerivedPath.Of(inner, OutputsSpec.All.Instance)], BuildMode.Normal, default), "because path is unknown");
            Assert.Equal(inner, store.Contents.AddText("inner.drv", text, references, repair: false));
            Assert.Null(store.Realisations.Find(id));
            var built = store.Builds.Build([DerivedPath.Of(inner, OutputsSpec.All.Instance)], BuildMode.Normal, default);
            Assert.True(built.IsSuccess);
            Assert.Equal(wanted, built.Items[0].Result.Outputs["out"]);
            Assert.Equal(wanted, store.Realisations.Find(id)!.OutputPath);
        };
        var result = Build($"{Wait(lowOutput)} {Wait(wanted)} read -r low < {Absolute(wanted)}; cat $low {Absolute(wanted)} > $out; echo {Absolute(wanted)} >> $out");

        Assert.StartsWith("low\n", _world.Read(result.Outputs["out"]), StringComparison.Ordinal);
        Assert.Contains(wanted, _world.Store.Find(result.Outputs["out"])!.References);
    }

    [Fact]
    public void Whoever_does_not_ask_for_it_gets_no_way_to_the_store()
    {
        var result = _world.Build(new Recipe("echo \"${NIX_REMOTE-none}\" > $out; [ -e .nix-socket ] && echo socket >> $out || true"));
        Assert.Equal("none\n", _world.Read(result.Outputs["out"]));
        Assert.False(_caller.WasServing);
    }

    [Fact]
    public void The_socket_lies_in_the_build_directory()
    {
        var result = Build("echo \"$NIX_REMOTE\" > $out");
        Assert.Equal("unix:///build/.nix-socket\n", _world.Read(result.Outputs["out"]));
    }

    private BuildResult Build(string script, params StorePath[] sources)
    {
        var result = _world.Build(new Recipe(script) { Name = "outer", Variables = { ["requiredSystemFeatures"] = "recursive-nix" }, Sources = sources });
        if (_caller.Failure is { } failure)
        {
            throw failure;
        }

        Assert.True(result.IsSuccess, result.Failure?.Message);
        return result;
    }

    private string Absolute(StorePath path) => _world.Directory.Absolute(path);

    private string Wait(StorePath path) => $"n=0; while ! [ -e {Absolute(path)} ] && [ $n -lt 600 ]; do sleep 0.05; n=$((n+1)); done;";

    private StorePath Absent(string name, string text)
    {
        using var other = new BuildWorld(isSandboxed: true);
        return other.Store.AddText(name, System.Text.Encoding.UTF8.GetBytes(text), [], repair: false);
    }

    private static void Refused(Action action, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<FirnException>(action).Message, StringComparison.Ordinal);

    private static void WaitFor(string file) => Assert.True(SpinWait.SpinUntil(() => File.Exists(file), TimeSpan.FromSeconds(30)), $"{file} never came");

    /// <summary>Asks in the place of a builder.</summary>
    private sealed class Caller : INestedDaemon
    {
        public Action<StoreParts> Asks { set => AsksAt = (store, _) => value(store); }

        public Action<StoreParts, string> AsksAt { get; set; } = (_, _) => { };

        public Exception? Failure { get; private set; }

        public bool WasServing { get; private set; }

        public IDisposable Serve(string socket, StoreParts store)
        {
            WasServing = true;
            File.WriteAllText(socket, "");
            var asking = new Thread(() => Failure = Record.Exception(() => AsksAt(store, Path.GetDirectoryName(socket)!)));
            asking.Start();
            return new Joined(asking);
        }

        private sealed class Joined(Thread thread) : IDisposable
        {
            public void Dispose() => thread.Join();
        }
    }
}
