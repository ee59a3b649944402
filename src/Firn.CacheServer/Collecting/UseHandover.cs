namespace Firn.CacheServer.Collecting;

/// <summary>Has the server that runs beside a collection write down what was asked for: until then only its memory knows.</summary>
/// <remarks>A server holds a lock as long as it runs; who wants the use to be written makes a file, which the server removes when that is done.</remarks>
internal sealed class UseHandover(string folder)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _lock = $"{folder}/serving";
    private readonly string _wish = $"{folder}/serving.use-wanted";

    /// <summary>Whether somebody waits for the use to be written down.</summary>
    public bool IsWanted => File.Exists(_wish);

    /// <summary>Makes it known that a server runs, until what is returned is disposed.</summary>
    public IDisposable BeginServing() => new FileStream(
        _lock, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Read,
            Share = FileShare.Read,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

    /// <summary>Lets those go on who wait.</summary>
    public void Finish() => File.Delete(_wish);

    /// <summary>Waits until a server that runs has written down what it knows; at once when none does.</summary>
    /// <exception cref="CacheServerException">It does not.</exception>
    public void Await(CancellationToken cancellationToken)
    {
        if (!IsServed())
        {
            return;
        }

        File.WriteAllBytes(_wish, []);
        for (var waited = TimeSpan.Zero; IsWanted && IsServed(); waited += _pause)
        {
            if (waited > _patience)
            {
                throw new CacheServerException(
                    CacheServerErrors.Unreachable, "the server does not write down what was asked for, and something of it could be removed", null,
                    "Look whether it can write to its folder, or stop it.");
            }

            cancellationToken.WaitHandle.WaitOne(_pause);
            cancellationToken.ThrowIfCancellationRequested();
        }

        Finish();
    }

    private bool IsServed()
    {
        try
        {
            using var file = new FileStream(_lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
