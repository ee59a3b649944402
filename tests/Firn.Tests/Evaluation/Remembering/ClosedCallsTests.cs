using Firn.Evaluation.Host;
using Firn.Evaluation.Remembering;

namespace Firn.Tests.Evaluation.Remembering;

/// <summary>What is remembered of a package set: nobody can tell but by what is not made again.</summary>
public sealed class ClosedCallsTests
{
    private const string Library = """
        let lib = { systems = import ./systems { inherit lib; }; twice = x: x + x; }; in lib
        """;

    private const string Platforms = """
        { lib }:
        {
          elaborate = given:
            let
              final = {
                parsed = { name = final.system; matches = x: x == final.system; };
                canExecute = other: other.system == final.system;
                emulator = pkgs: "${pkgs.a}/${final.system}";
              } // removeAttrs given [ "parsed" ];
            in final;
        }
        """;

    private const string Packages = """
        let lib = import ../../lib; in
        { localSystem, config ? { }, ... }@args:
        let
          platform = lib.systems.elaborate args.localSystem;
          make = attrs:
            let drv = derivation ({ inherit (platform) system; builder = "/bin/sh"; outputs = [ "out" "dev" ]; } // removeAttrs attrs [ "meta" "passthru" ]);
            in drv // { meta = attrs.meta or { }; override = f: make (attrs // f attrs); } // (attrs.passthru or { });
          stdenv = make { name = "stdenv"; passthru = { inherit make platform; __bootPackages = boot; }; tools = [ boot.tool ]; };
          boot = { tool = make { name = "tool"; }; };
          self = {
            inherit lib stdenv;
            call = f: extra: f (builtins.intersectAttrs (builtins.functionArgs f) self // extra);
            a = make { name = "a"; text = builtins.readFile ./a.txt; meta.description = "first"; };
            b = make { name = "b"; dep = self.a.dev; meta = { priority = 3; describe = x: x; }; };
            c = make { name = "c"; deps = [ self.a self.b ]; passthru = { plain = { x = 1; y = [ null true 2.5 "s" ./a.txt ]; }; bad = throw "bad"; }; };
            nested = { d = make { name = "d"; dep = self.c; }; inner.e = make { name = "e"; dep = self.nested.d; }; };
            alias = self.nested.d;
            set = builtins.mapAttrs (name: dep: make { inherit name dep; }) { f = self.a; g = self.alias; };
            variable = make { name = "variable"; value = builtins.getEnv "VALUE"; };
            configured = make { name = "configured"; value = config.value or "none"; };
            told = builtins.trace "told" (make { name = "told"; });
          };
        in self
        """;

    private const string Call = "import /tree/pkgs/top-level/default.nix";
    private const string System = "{ localSystem.system = \"x\"; }";
    private const string Everything = "[ p.c.drvPath p.alias.outPath p.nested.inner.e.drvPath p.set.g.drvPath p.variable.drvPath p.configured.dev.outPath p.stdenv.drvPath ]";

    private readonly Memory _memory = new();

    [Theory]
    [InlineData(Everything)]
    [InlineData("[ p.c.plain p.c.meta p.b.meta.priority p.c.name p.alias.name p.c.outputs (map (d: d.name) p.c.all) ]")]
    [InlineData("[ (builtins.attrNames p.c) (p.c ? bad) (p.c == p.c) (p.alias == p.nested.d) (p.a == p.b) (p.c.plain == p.c.plain) ]")]
    [InlineData("(builtins.tryEval p.c.bad)")]
    [InlineData("(p.b.meta.describe p.a.meta.description)")]
    [InlineData("(derivation { name = \"mine\"; system = \"x\"; builder = \"b\"; deps = [ p.c p.set.f.dev ]; text = \"${p.nested.inner.e}\"; }).drvPath")]
    [InlineData("(p.c.override (old: { name = \"changed\"; })).drvPath")]
    [InlineData("(p.stdenv.make { name = \"own\"; dep = p.alias; }).drvPath")]
    [InlineData("(p.call ({ a, c, more }: \"${a} ${c.dev} ${more}\") { more = p.b; })")]
    [InlineData("[ (builtins.unsafeGetAttrPos \"name\" p.c) (builtins.unsafeGetAttrPos \"none\" p.c) (builtins.unsafeGetAttrPos \"meta\" p.b) ]")]
    [InlineData("(builtins.toJSON (removeAttrs p.c.plain [ \"y\" ]))")]
    [InlineData("(builtins.functionArgs p.call)")]
    public void Whatever_is_asked_is_answered_as_without_memory(string asked)
    {
        foreach (var helpers in (int[])[0, 2])
        {
            _memory.Kept.Clear();
            Ask(Everything);
            Assert.Single(_memory.Kept);
            Assert.Equal(Ask(asked, remembers: false, helpers: helpers).Value, Ask(asked, helpers: helpers).Value);
        }
    }

    [Theory]
    [InlineData(Everything, "")]
    [InlineData("(derivation { name = \"mine\"; system = \"x\"; builder = \"b\"; deps = [ p.c p.nested.d ]; }).drvPath", "mine.drv")]
    [InlineData("(p.c.override (old: { name = \"changed\"; })).drvPath", "changed.drv")]
    [InlineData("(p.stdenv.make { name = \"own\"; dep = p.alias; }).drvPath", "own.drv")]
    [InlineData("(builtins.functionArgs p.c.override)", "")]
    public void What_is_remembered_is_not_made_again(string asked, string made)
    {
        Assert.NotEmpty(Ask(Everything).Made);
        Assert.Equal(made, string.Join(' ', Ask(asked).Made.Where(name => name is not "c.drv")));
    }

    [Fact]
    public void What_an_evaluation_did_not_need_is_remembered_once_another_did()
    {
        Ask("p.c.drvPath");
        Assert.Contains("e.drv", Ask(Everything).Made);
        Assert.Empty(Ask(Everything).Made);
        Assert.Empty(Ask("p.c.drvPath").Made);
    }

    [Fact]
    public void Another_argument_is_another_call()
    {
        Ask(Everything);
        Assert.Equal(["configured.drv"], Ask("p.configured.drvPath", "{ localSystem.system = \"x\"; config.value = \"more\"; }").Made);
        Assert.Equal(2, _memory.Kept.Count);
    }

    [Fact]
    public void A_platform_that_was_elaborated_is_data()
    {
        var argument = "{ localSystem = (import /tree/lib).systems.elaborate { system = \"x\"; }; }";
        Ask(Everything, argument);
        Assert.Single(_memory.Kept);
        Assert.Empty(Ask(Everything, argument).Made);
        Assert.Equal(Ask("p.stdenv.platform.emulator p", argument, remembers: false).Value, Ask("p.stdenv.platform.emulator p", argument).Value);
    }

    [Theory]
    [InlineData("{ localSystem.system = \"x\"; config.f = x: x; }")]
    [InlineData("{ localSystem = { system = \"x\"; canExecute = other: true; }; }")]
    [InlineData("{ localSystem.system = \"x\"; config.bad = throw \"not needed\"; }")]
    [InlineData("{ localSystem.system = \"x\"; config.self = p.a; }")]
    public void What_is_more_than_data_is_not_remembered(string argument)
    {
        var (value, _) = Ask(Everything, argument);
        Assert.Empty(_memory.Kept);
        Assert.Equal(Ask(Everything, argument, remembers: false).Value, value);
    }

    [Fact]
    public void A_failure_is_the_same_with_memory()
    {
        Ask(Everything);
        var expected = Evaluations.Failure($"let p = {Call} {System}; in p.c.bad", World());
        Assert.Equal(expected.Message, Evaluations.Failure($"let p = {Call} {System}; in p.c.bad", World(), remember: _memory).Message);
    }

    private (string Value, IReadOnlyList<string> Made) Ask(string asked, string argument = System, bool remembers = true, int helpers = 0)
    {
        var world = World();
        _memory.World = world;
        var value = Evaluations.Value(
            $"let p = {Call} {argument}; in {asked}", world, options => options with { Helpers = helpers }, remembers ? _memory : null);
        return (value, [.. world.Made.Select(file => file.Path.Name)]);
    }

    private static MemoryHost World() => new MemoryHost()
        .With("/tree/lib/default.nix", Library).With("/tree/lib/systems/default.nix", Platforms)
        .With("/tree/pkgs/top-level/default.nix", Packages).With("/tree/pkgs/top-level/a.txt", "text");

    private sealed class Memory : IClosedMemory
    {
        public MemoryHost World { get; set; } = new();

        public Dictionary<(string, string), byte[]> Kept { get; } = [];

        public IEvaluationHost Host => World;

        public ReadOnlyMemory<byte>? Find(string file, string argument) => Kept.TryGetValue((file, argument), out var content) ? content : (ReadOnlyMemory<byte>?)null;

        public void Keep(string file, string argument, ReadOnlyMemory<byte> content) => Kept[(file, argument)] = content.ToArray();
    }
}
