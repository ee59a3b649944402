using System.Collections;
using System.Collections.Immutable;
using Firn.Daemon.Client;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Daemon.Ssh;

/// <summary>Starts a program on another machine, each time with its own ssh, and talks to it by its standard streams.</summary>
/// <param name="host">Where.</param>
/// <param name="arguments">What comes behind the program's name.</param>
/// <param name="uri">How a person knows the store behind it.</param>
/// <param name="onErrorLine">Gets what it prints on its standard error; null shows it as it is.</param>
public sealed class SshChannel(SshHost host, ImmutableArray<string> arguments, string uri, Action<string>? onErrorLine = null) : IDaemonChannel
{
    private const int SshFailed = 255;

    private string? _hostKeyFolder;

    public string Uri { get; } = uri;

    public (Stream Input, Stream Output, IDisposable Owned) Open()
    {
        var command = Command();
        var program = FindProgram(command[0])
            ?? throw new DaemonException(DaemonErrors.Connect, $"cannot connect to '{Uri}': there is no program '{command[0]}' in PATH");
        var input = new Pipe();
        var output = new Pipe();
        var errors = onErrorLine is null ? null : new Pipe();
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(new ChildOptions
            {
                Program = ByteString.Of(program),
                Arguments = [.. command.Select(ByteString.Of)],
                Environment = Environment(),
                Descriptors = [new(Descriptor(input.Reading), 0), new(Descriptor(output.Writing), 1), new(errors is null ? 2 : Descriptor(errors.Writing), 2)],
            });
        }
        catch
        {
            input.Dispose();
            output.Dispose();
            errors?.Dispose();
            throw;
        }

        input.Reading.Dispose();
        output.Writing.Dispose();
        var reader = errors is null ? null : Listen(errors);
        var (from, to) = (new FileStream(output.Reading, FileAccess.Read, 0), new FileStream(input.Writing, FileAccess.Write, 0));
        return (from, to, new Running(child, from, to, reader));
    }

    public string? CloseFailed(IDisposable owned)
    {
        owned.Dispose();
        return ((Running)owned).End?.ExitCode switch
        {
            // By that ssh says that it is itself which failed; why it has printed.
            SshFailed when !host.IsHere => $"failed to start SSH connection to '{host.Name}'",
            { } code and not 0 => $"'{string.Join(' ', host.Program)}' on '{host.Name}' ended with exit code {code} before it answered",
            _ => null,
        };
    }

    public void Dispose()
    {
        if (_hostKeyFolder is { } folder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Thread Listen(Pipe errors)
    {
        errors.Writing.Dispose();
        var thread = new Thread(() =>
        {
            using var lines = new StreamReader(new FileStream(errors.Reading, FileAccess.Read, 0));
            while (lines.ReadLine() is { } line)
            {
                onErrorLine!(line);
            }
        })
        {
            IsBackground = true,
            Name = "ssh errors",
        };
        thread.Start();
        return thread;
    }

    private static int Descriptor(Microsoft.Win32.SafeHandles.SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static string? FindProgram(string name) => name.Contains('/')
        ? name
        : (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => folder + "/" + name).FirstOrDefault(File.Exists);

    private static ImmutableArray<ByteString> Environment() =>
        [.. System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => ByteString.Of($"{e.Key}={e.Value}"))];

    private List<string> Command()
    {
        List<string> remote = [.. host.Program, .. arguments];
        if (host.Store.Length > 0)
        {
            remote.AddRange(["--store", host.Store]);
        }

        if (host.IsHere)
        {
            return remote;
        }

        List<string> command = ["ssh", host.Login, "-x", .. host.Arguments];
        if (host.KeyFile.Length > 0)
        {
            command.AddRange(["-i", host.KeyFile]);
        }

        if (host.HostKey.Length > 0)
        {
            command.Add("-oUserKnownHostsFile=" + HostKeyFile());
        }

        if (host.Compresses)
        {
            command.Add("-C");
        }

        if (host.Port is { } port)
        {
            command.Add($"-p{port}");
        }

        // A cable that is pulled sends no farewell: after a minute without an answer the other machine counts as gone.
        command.AddRange(["-oServerAliveInterval=15", "-oServerAliveCountMax=4"]);
        return [.. command, "--", .. remote.Select(Quote)];
    }

    // A shell reads the command there.
    private static string Quote(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c)) && word.Length > 0 ? word : $"'{word.Replace("'", "'\\''")}'";

    private string HostKeyFile()
    {
        _hostKeyFolder ??= Directory.CreateTempSubdirectory("firn-ssh-").FullName;
        var file = _hostKeyFolder + "/host-key";
        var name = host.Port is { } port ? $"[{host.Name}]:{port},{host.Name}" : host.Name;
        File.WriteAllText(file, $"{name} {host.HostKey}\n");
        return file;
    }

    /// <summary>What runs; it is given time to end by itself, as it does when nobody talks to it any more.</summary>
    private sealed class Running(ChildProcess child, Stream input, Stream output, Thread? errors) : IDisposable
    {
        private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
        private int _isDisposed;

        /// <summary>How it ended; null when it runs, or had to be killed.</summary>
        public ProcessEnd? End { get; private set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            {
                return;
            }

            try
            {
                output.Dispose();
            }
            catch (IOException)
            {
                // It is gone already.
            }

            End = child.Wait(_patience);
            child.Dispose();
            // What it said last belongs to the log that is closed next; what its children hold open does not.
            errors?.Join(TimeSpan.FromSeconds(1));
            input.Dispose();
        }
    }
}
