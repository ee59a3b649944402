using System.Diagnostics;
using System.Text;
using Firn.Evaluation.Printing;
using Firn.Model.Text.Json;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Tests.Building;

namespace Firn.Tests.Sessions;

/// <summary>A small world with one of everything that an expression can read, and ways to change each thing alone.</summary>
internal sealed class AnswerWorld : IDisposable
{
    private const string Expression = """
        let
          here = toString ./.;
          made = derivation { name = "made"; system = builtins.currentSystem; builder = "/bin/sh"; src = ./tree; };
        in
        {
          imported = import ./imported.nix;
          folder = import ./folder;
          linked = import ./link.nix;
          text = builtins.readFile ./text;
          throughLink = builtins.readFile (here + "/linked-folder/inner");
          entries = builtins.readDir ./entries;
          exists = builtins.pathExists (here + "/maybe");
          missing = builtins.pathExists (here + "/never");
          kind = builtins.readFileType (here + "/kind");
          hash = builtins.hashFile "sha256" ./hashed;
          tree = "${./tree}";
          single = builtins.path { path = ./single; recursive = false; };
          filtered = builtins.filterSource (path: type: builtins.match ".*secret.*" path == null) ./filtered;
          variable = builtins.getEnv "FIRN_TEST_VARIABLE";
          unset = builtins.getEnv "FIRN_TEST_UNSET";
          found = import <name/file.nix>;
          search = builtins.nixPath;
          fetched = builtins.readFile (builtins.fetchurl "file://${here}/fetched");
          revision = (builtins.fetchGit { url = "file://${here}/repository"; }).rev;
          file = builtins.toFile "file" "content";
          warning = builtins.trace "traced" 1;
          drv = made.drvPath;
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables;
    private readonly Dictionary<string, string> _settings = new() { ["tarball-ttl"] = "0", ["eval-system"] = "x86_64-linux" };
    private string _program = "first";
    private int _counter;

    internal AnswerWorld()
    {
        _variables = new()
        {
            ["HOME"] = At("home"), ["NIX_STORE_DIR"] = At("store"), ["NIX_STATE_DIR"] = At("var"), ["NIX_LOG_DIR"] = At("log"), ["NIX_CONF_DIR"] = At("etc"),
            ["XDG_CACHE_HOME"] = At("cache"), ["FIRN_TEST_VARIABLE"] = "set",
        };
        foreach (var folder in (string[])["home", "etc", "folder", "real-folder", "entries", "tree/inner", "filtered", "first", "second/name", "repository"])
        {
            Directory.CreateDirectory(At(folder));
        }

        Write("default.nix", Expression);
        Write("imported.nix", "1");
        Write("folder/default.nix", "2");
        Write("target.nix", "3");
        Write("other.nix", "4");
        Write("text", "text");
        Write("real-folder/inner", "inner");
        Write("entries/one", "");
        Write("kind", "");
        Write("hashed", "hashed");
        Write("tree/inner/file", "file");
        Write("tree/script", "script");
        Write("single", "single");
        Write("filtered/open", "open");
        Write("filtered/secret", "secret");
        Write("second/name/file.nix", "5");
        Write("fetched", "fetched");
        Write("unread", "unread");
        File.CreateSymbolicLink(At("link.nix"), "target.nix");
        File.CreateSymbolicLink(At("linked-folder"), "real-folder");
        File.CreateSymbolicLink(At("tree/link"), "script");
        Git("init", "--quiet");
        Commit();
        Settle();
    }

    /// <summary>Changes of one thing that was read, by name.</summary>
    internal IReadOnlyList<(string What, Action Change)> Changes =>
    [
        ("the expression's file", () => Append("default.nix", " // { more = 1; }")),
        ("an imported file", () => Write("imported.nix", $"{++_counter + 100}")),
        ("an imported file, of the same size and with the old time", () => SameSizeAndTime("imported.nix")),
        ("a folder's default.nix", () => Write("folder/default.nix", $"{++_counter + 200}")),
        ("a link's target", Relink),
        ("a file behind a link", () => Write(File.ResolveLinkTarget(At("link.nix"), false)!.Name, $"{++_counter + 300}")),
        ("a text", () => Append("text", "!")),
        ("a file in a linked folder", () => Append("real-folder/inner", "!")),
        ("a new entry", () => Write($"entries/{++_counter}-new", "")),
        ("an entry less", () => File.Move(At("entries/one"), At($"one-{++_counter}"))),
        ("what an entry is", () => ChangeKind("entries/kind")),
        ("whether a path is there", () => Toggle("maybe")),
        ("whether another path is there", () => Toggle("never")),
        ("what a path is", () => ChangeKind("kind")),
        ("a hashed file", () => Append("hashed", "!")),
        ("a file in a copied tree", () => Append("tree/inner/file", "!")),
        ("a new file in a copied tree", () => Write($"tree/inner/{++_counter}", "")),
        ("who may execute a file in a copied tree", () => File.SetUnixFileMode(At("tree/script"), File.GetUnixFileMode(At("tree/script")) ^ UnixFileMode.UserExecute)),
        ("a link in a copied tree", () => Replace("tree/link", $"target-{++_counter}")),
        ("a copied file", () => Append("single", "!")),
        ("a file that the filter takes", () => Append("filtered/open", "!")),
        ("a new file that the filter takes", () => Write($"filtered/{++_counter}", "")),
        ("a variable", () => _variables["FIRN_TEST_VARIABLE"] = $"{++_counter}"),
        ("a variable that was not set", () => _variables["FIRN_TEST_UNSET"] = $"{++_counter}"),
        ("a setting", () => _settings["eval-system"] = $"machine-{++_counter}"),
        ("a setting of another room", () => _settings["cores"] = $"{++_counter}"),
        ("an earlier place in the search path", () => Toggle("first/name/file.nix")),
        ("a file in the search path", () => Write(File.Exists(At("first/name/file.nix")) ? "first/name/file.nix" : "second/name/file.nix", $"{++_counter + 400}")),
        ("a fetched file", () => Append("fetched", "!")),
        ("a fetched revision", Commit),
        ("the program", () => _program = $"{++_counter}"),
        ("the derivation in the store", () => Collect("*-made.drv")),
        ("a source in the store", () => Collect("*-single")),
    ];

    /// <summary>Changes of what makes no difference.</summary>
    internal IReadOnlyList<(string What, Action Change)> OtherChanges =>
    [
        ("nothing", () => { }),
        ("a file that was not read", () => Append("unread", "!")),
        ("the time of a file", () => File.SetLastWriteTimeUtc(At("imported.nix"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc))),
        ("a file that is written again as it was", () => Write("imported.nix", File.ReadAllText(At("imported.nix")))),
        ("a file that is replaced by an equal one", ReplaceByEqual),
        ("a file that the filter leaves out", () => Append("filtered/secret", "!")),
        ("a variable that was not read", () => _variables["FIRN_TEST_OTHER"] = $"{++_counter}"),
        ("the content of a file whose name alone was read", () => Append("entries/one", "!")),
    ];

    /// <summary>Asks for the expression's value; says whether it was evaluated, what it is, and what was told.</summary>
    internal (bool WasEvaluated, string Value, IReadOnlyList<string> Messages) Ask(bool remembers = true, TimeSpan? worth = null)
    {
        var log = new RecordingLog();
        var settings = _settings.Append(new("eval-cache", remembers ? "true" : "false"));
        using var session = new Session(new ConfigurationFiles(Find), [.. settings.Select(s => new Assignment(s.Key, s.Value, true))], Find, log)
        {
            Arguments = ["nix-instantiate", At("")],
        };
        var evaluation = new EvaluationSession(session, [At("first"), At("second")], isReadOnly: false, _ => throw new UnreachableException())
        {
            WorthKeeping = worth ?? TimeSpan.Zero,
            Program = _program,
        };
        var wasEvaluated = false;
        var value = new StringBuilder();
        evaluation.Answer(["value"], part => value.Append(Encoding.UTF8.GetString(part)), (eval, give) =>
        {
            wasEvaluated = true;
            var json = new JsonWriter();
            ValueJson.Write(eval.Files.EvaluateFile(At("default.nix")), eval, copyToStore: true, json);
            give(json.Written.ToArray());
        });
        return (wasEvaluated, value.ToString(), [.. log.Messages.Select(m => m.Text)]);
    }

    /// <summary>Waits until a change has another time than one that happened before.</summary>
    internal static void Settle() => Thread.Sleep(35);

    /// <summary>The files that hold answers.</summary>
    internal IReadOnlyList<string> Answers => Directory.Exists(At("cache/nix/firn-answers")) ? Directory.GetFiles(At("cache/nix/firn-answers")) : [];

    public void Dispose() => _folder.Dispose();

    private string? Find(string name) => _variables.GetValueOrDefault(name);

    private string At(string name) => $"{_folder.Path}/{name}";

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    private void Append(string name, string text) => File.AppendAllText(At(name), text);

    private void SameSizeAndTime(string name)
    {
        var time = File.GetLastWriteTimeUtc(At(name));
        var old = File.ReadAllText(At(name));
        File.WriteAllText(At(name), old[..^1] + (old[^1] == '7' ? '8' : '7'));
        File.SetLastWriteTimeUtc(At(name), time);
    }

    private void Relink()
    {
        var isOther = File.ResolveLinkTarget(At("link.nix"), false)!.Name == "other.nix";
        Write("target.nix", "3");
        Write("other.nix", "4");
        Replace("link.nix", isOther ? "target.nix" : "other.nix");
    }

    private void Replace(string link, string target)
    {
        File.Delete(At(link));
        File.CreateSymbolicLink(At(link), target);
    }

    private void ReplaceByEqual()
    {
        File.Copy(At("text"), At("text.new"));
        File.Move(At("text.new"), At("text"), overwrite: true);
    }

    private void Toggle(string name)
    {
        if (File.Exists(At(name)))
        {
            File.Delete(At(name));
        }
        else
        {
            Write(name, $"{++_counter}");
        }
    }

    private void ChangeKind(string name)
    {
        if (Directory.Exists(At(name)))
        {
            Directory.Delete(At(name));
            Write(name, "");
        }
        else
        {
            File.Delete(At(name));
            Directory.CreateDirectory(At(name));
        }
    }

    private void Commit()
    {
        Write("repository/file", $"{++_counter}");
        Git("add", "file");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "more");
    }

    private void Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", At("repository"), .. arguments]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Collect(string pattern)
    {
        using var session = new Session(new ConfigurationFiles(Find), [], Find, new RecordingLog());
        foreach (var path in Directory.GetFileSystemEntries(At("store"), pattern))
        {
            session.LocalStore.Invalidate(session.StoreDirectory.Parse(path));
        }
    }
}
