using System.Diagnostics;
using System.Text;
using Firn.Evaluation.Printing;
using Firn.Model.Text.Json;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Tests.Building;

namespace Firn.Tests.Sessions;

/// <summary>Packages remembered between sessions: used while all that they were made of is as it was, and never afterwards.</summary>
public sealed class RememberedPackagesTests : IDisposable
{
    private const string Packages = """
        let lib = import ../../lib; in
        { localSystem, config ? { }, ... }:
        let
          make = name: dep: derivation { inherit name dep; inherit (localSystem) system; builder = "/bin/sh"; };
        in
        {
          text = make "text" (builtins.readFile ./text);
          source = make "source" ./source;
          entries = make "entries" (builtins.attrNames (builtins.readDir ./entries));
          maybe = make "maybe" (builtins.pathExists ./maybe);
          variable = make "variable" (builtins.getEnv "FIRN_TEST_VARIABLE");
          library = make "library" (lib.twice "x");
          configured = make "configured" (config.value or "none");
          imported = make "imported" (import ./imported.nix);
          told = if config.tells or false then builtins.trace "told" (make "told" "x") else make "told" "y";
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables;
    private readonly Dictionary<string, string> _settings = new() { ["eval-system"] = "x86_64-linux" };
    private string _program = "first";
    private string _config = "{ }";
    private int _counter;

    public RememberedPackagesTests()
    {
        _variables = new()
        {
            ["HOME"] = At("home"), ["NIX_STORE_DIR"] = At("store"), ["NIX_STATE_DIR"] = At("var"), ["NIX_LOG_DIR"] = At("log"), ["NIX_CONF_DIR"] = At("etc"),
            ["XDG_CACHE_HOME"] = At("cache"), ["FIRN_TEST_VARIABLE"] = "set",
        };
        Directory.CreateDirectory(At("home"));
        Directory.CreateDirectory(At("etc"));
        Write("lib/default.nix", "{ twice = x: x + x; }");
        Write("pkgs/top-level/default.nix", Packages);
        Write("pkgs/top-level/text", "text");
        Write("pkgs/top-level/source", "source");
        Write("pkgs/top-level/imported.nix", "\"imported\"");
        Write("pkgs/top-level/entries/one", "");
        AnswerWorld.Settle();
    }

    private IReadOnlyList<(string What, Action Change)> Changes =>
    [
        ("the package set", () => Append("pkgs/top-level/default.nix", " // { more = 1; }")),
        ("a text", () => Append("pkgs/top-level/text", "!")),
        ("a source", () => Append("pkgs/top-level/source", "!")),
        ("an entry", () => Write($"pkgs/top-level/entries/{++_counter}", "")),
        ("whether a path is there", () => Write("pkgs/top-level/maybe", "")),
        ("a variable", () => _variables["FIRN_TEST_VARIABLE"] = $"{++_counter}"),
        ("the library", () => Write("lib/default.nix", $"{{ twice = x: x + x + \"{++_counter}\"; }}")),
        ("an imported file", () => Write("pkgs/top-level/imported.nix", $"\"{++_counter}\"")),
        ("the argument", () => _config = $"{{ value = \"{++_counter}\"; }}"),
        ("the system", () => _settings["eval-system"] = $"machine-{++_counter}"),
        ("the program", () => _program = $"{++_counter}"),
        ("a derivation in the store", () => Collect("*-text.drv")),
        ("a source in the store, with its derivation", () =>
        {
            Collect("*-source.drv");
            Collect("*-source");
        }),
        ("what was remembered", () => Array.ForEach(Remembered, file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^9]))),
    ];

    [Fact]
    public void After_any_change_everything_is_as_without_memory()
    {
        foreach (var (what, change) in Changes)
        {
            Ask();
            AnswerWorld.Settle();
            change();
            var after = Ask();
            Assert.True(Ask(remembers: false) == after, what);
            foreach (var path in after.Split('"').Where(part => part.StartsWith(At("store"), StringComparison.Ordinal)))
            {
                Assert.True(File.Exists(path), $"{what}: {path}");
            }
        }
    }

    [Fact]
    public void What_told_something_tells_it_again()
    {
        _config = "{ tells = true; }";
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["trace: told"], Tell());
        }

        Assert.Empty(Remembered);
    }

    [Fact]
    public void Nothing_is_written_again_while_nothing_is_new()
    {
        Ask();
        var file = Assert.Single(Remembered);
        var content = File.ReadAllBytes(file);
        Ask();
        Assert.Equal(content, File.ReadAllBytes(Assert.Single(Remembered)));
    }

    [Fact]
    public void An_answer_rests_on_what_the_remembered_packages_rest_on()
    {
        Ask();
        var before = Ask(same: true);
        AnswerWorld.Settle();
        Append("pkgs/top-level/text", "!");
        Assert.NotEqual(before, Ask(same: true));
    }

    private string[] Remembered => Directory.Exists(At("cache/nix/firn-answers/parts")) ? Directory.GetFiles(At("cache/nix/firn-answers/parts")) : [];

    public void Dispose() => _folder.Dispose();

    private string Ask(bool remembers = true, bool same = false) => Evaluate(remembers, same).Value;

    private IEnumerable<string> Tell() => Evaluate(remembers: true, same: false).Messages.Where(m => m.StartsWith("trace", StringComparison.Ordinal));

    // Each time another expression, so that it is not answered as a whole.
    private (string Value, IReadOnlyList<string> Messages) Evaluate(bool remembers, bool same)
    {
        if (!same)
        {
            Write("main.nix", $$"""
                let p = import ./pkgs/top-level { localSystem.system = builtins.currentSystem; config = {{_config}}; };
                in builtins.seq {{++_counter}} (map (n: p.${n}.drvPath) [ "text" "source" "entries" "maybe" "variable" "library" "configured" "imported" "told" ])
                """);
        }

        var log = new RecordingLog();
        var settings = _settings.Append(new("eval-cache", remembers ? "true" : "false"));
        using var session = new Session(new ConfigurationFiles(Find), [.. settings.Select(s => new Assignment(s.Key, s.Value, true))], Find, log)
        {
            Arguments = ["nix-instantiate", At("")],
        };
        var evaluation = new EvaluationSession(session, [], isReadOnly: false, _ => throw new UnreachableException())
        {
            WorthKeeping = TimeSpan.Zero,
            PartsWorthKeeping = TimeSpan.Zero,
            Program = _program,
        };
        var value = new StringBuilder();
        evaluation.Answer(["value"], part => value.Append(Encoding.UTF8.GetString(part)), (eval, give) =>
        {
            var json = new JsonWriter();
            ValueJson.Write(eval.Files.EvaluateFile(At("main.nix")), eval, copyToStore: true, json);
            give(json.Written.ToArray());
        });
        return (value.ToString(), [.. log.Messages.Select(m => m.Text)]);
    }

    private string? Find(string name) => _variables.GetValueOrDefault(name);

    private string At(string name) => $"{_folder.Path}/{name}";

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    private void Append(string name, string text) => File.AppendAllText(At(name), text);

    private void Collect(string pattern)
    {
        using var session = new Session(new ConfigurationFiles(Find), [], Find, new RecordingLog());
        foreach (var path in Directory.GetFileSystemEntries(At("store"), pattern))
        {
            session.LocalStore.Invalidate(session.StoreDirectory.Parse(path));
            File.Delete(path);
        }
    }
}
