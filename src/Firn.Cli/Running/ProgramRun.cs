using Firn.Model.Text;
using Firn.Platform.Linux;
using Firn.Platform.Processes;
using Firn.Sessions;
using Firn.Store.Local;

namespace Firn.Cli.Running;

/// <summary>Runs a program in the place of this one, as <c>nix run</c> and <c>nix shell</c> do.</summary>
internal static class ProgramRun
{
    // As execvp(3) has it.
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>Runs a program; does not come back.</summary>
    /// <param name="session">Ends before the program starts.</param>
    /// <param name="output">Ends too.</param>
    /// <param name="program">A path, or a name to look for in PATH.</param>
    /// <param name="arguments">The arguments, without the name.</param>
    /// <param name="environment">The variables.</param>
    /// <exception cref="CommandException">It cannot be run.</exception>
    public static int Replace(Session session, Output output, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var (path, words) = Place(session.LocalStore, environment, program, arguments);
        output.Flush();
        (session.Log as IDisposable)?.Dispose();
        _ = FileCreationMask.Replace(session.UserMask);
        var error = Execution.Replace(
            ByteString.Of(path), words.Select(ByteString.Of), environment.Select(v => ByteString.Of($"{v.Key}={v.Value}")));
        throw new CommandException($"unable to execute '{path}': {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>The variables of this process.</summary>
    public static SortedDictionary<string, string> Environment()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    /// <summary>A store that is elsewhere than its paths say is shown to the program where they say.</summary>
    private static (string Path, IReadOnlyList<string> Words) Place(
        LocalStore store, IReadOnlyDictionary<string, string> environment, string program, IReadOnlyList<string> arguments)
    {
        var (there, real) = (store.Directory.Path, store.Layout.RealStoreDirectory);
        if (there == real)
        {
            return (Find(environment, program), [program, .. arguments]);
        }

        List<string> words = ["bwrap"];
        if (Path.Exists(there))
        {
            words.AddRange("--dev-bind", "/", "/");
        }
        else
        {
            foreach (var entry in new DirectoryInfo("/").EnumerateFileSystemInfos())
            {
                words.AddRange(entry.LinkTarget is { } target ? ["--symlink", target, entry.FullName] : (string[])["--dev-bind", entry.FullName, entry.FullName]);
            }
        }

        words.AddRange("--bind", real, there, "--", program);
        words.AddRange(arguments);
        return (Find(environment, "bwrap"), words);
    }

    private static string Find(IReadOnlyDictionary<string, string> environment, string program) => program.Contains('/')
        ? program
        : (environment.GetValueOrDefault("PATH") ?? DefaultPath).Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram)
            ?? throw new CommandException($"unable to execute '{program}': No such file or directory", "It is in none of the folders of PATH.");

    private static bool IsProgram(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
