using System.Globalization;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Sandbox;

/// <summary>Ends builders that run without a sandbox when this process is killed and cannot do it itself.</summary>
/// <remarks>In a sandbox the kernel does. Here a shell reads from a pipe which process groups there are, and kills them when
/// the pipe ends: "die with your parent" would reach the builder but not what it started.</remarks>
public sealed class OrphanWatch : IDisposable
{
    private const string Script = """
        groups=
        while read -r what group; do
          left=
          for g in $groups; do [ "$g" = "$group" ] || left="$left $g"; done
          groups=$left
          [ "$what" = - ] || groups="$groups $group"
        done
        for g in $groups; do kill -9 -"$g"; done
        """;

    private readonly Lock _lock = new();
    private FileStream? _pipe;
    private ChildProcess? _shell;

    /// <summary>Has the group that a process leads killed when this process is gone.</summary>
    public void Add(int leader) => Tell('+', leader);

    /// <summary>Forgets a group that has ended.</summary>
    public void Remove(int leader) => Tell('-', leader);

    /// <summary>Has what is still known killed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _pipe?.Dispose();
            _shell?.Wait();
            _shell?.Dispose();
            (_pipe, _shell) = (null, null);
        }
    }

    private void Tell(char what, int leader)
    {
        lock (_lock)
        {
            try
            {
                if (_pipe is null)
                {
                    Start();
                }

                _pipe!.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {leader}\n")));
            }
            catch (Exception e) when (e is ProcessException or IOException)
            {
                // Without it builds go on as well.
            }
        }
    }

    private void Start()
    {
        var pipe = new Pipe();
        _shell = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of("/bin/sh"),
            Arguments = [ByteString.Of("sh"), ByteString.Of("-c"), ByteString.Of(Script)],
            Descriptors = [new((int)pipe.Reading.DangerousGetHandle(), 0)],
            Directory = "/",
            LeadsSession = true,
        });
        pipe.Reading.Dispose();
        _pipe = new FileStream(pipe.Writing, FileAccess.Write, 0);
    }
}
