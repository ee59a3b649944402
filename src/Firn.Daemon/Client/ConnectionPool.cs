namespace Firn.Daemon.Client;

/// <summary>Lends connections, each to one user at a time; those that broke are closed.</summary>
/// <remarks>The others are never closed before the end: the other side keeps for each what it was told to keep, such as
/// temporary roots of what was added by it.</remarks>
internal sealed class ConnectionPool<T>(Func<T> open) : IDisposable
    where T : class, IDisposable
{
    private readonly Stack<T> _idle = new();
    private readonly Lock _lock = new();

    /// <summary>Runs <paramref name="use"/> with a connection.</summary>
    public TResult Use<TResult>(Func<T, TResult> use)
    {
        T? connection;
        lock (_lock)
        {
            _idle.TryPop(out connection);
        }

        connection ??= open();
        var isGood = false;
        try
        {
            var result = use(connection);
            isGood = true;
            return result;
        }
        catch (RemoteException)
        {
            isGood = true;
            throw;
        }
        finally
        {
            Return(connection, isGood);
        }
    }

    /// <summary>Runs <paramref name="use"/> with a connection.</summary>
    public void Use(Action<T> use) => Use<object?>(connection =>
    {
        use(connection);
        return null;
    });

    public void Dispose()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var connection))
            {
                connection.Dispose();
            }
        }
    }

    private void Return(T connection, bool isGood)
    {
        lock (_lock)
        {
            if (isGood)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }
}
