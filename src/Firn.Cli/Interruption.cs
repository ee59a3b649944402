using System.Runtime.InteropServices;

namespace Firn.Cli;

/// <summary>Turns Ctrl-C and requests to end into a cancelled token; a second one ends the program at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private CancellationTokenSource _source = new();
    private volatile bool _isFinal;

    /// <summary>Begins to listen, if nobody did yet: until then signals end the program as they do by default.</summary>
    public CancellationToken Token()
    {
        if (_registrations.Count == 0)
        {
            foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = !_source.IsCancellationRequested;
                    _isFinal |= context.Signal != PosixSignal.SIGINT;
                    _source.Cancel();
                }));
            }
        }

        return _source.Token;
    }

    /// <summary>Begins anew after Ctrl-C; who holds a token keeps one that is cancelled. Requests to end stay.</summary>
    public void Forget()
    {
        if (_source.IsCancellationRequested && !_isFinal)
        {
            _source.Dispose();
            _source = new CancellationTokenSource();
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }
}
