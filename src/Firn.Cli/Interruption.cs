using System.Runtime.InteropServices;

namespace Firn.Cli;

/// <summary>Turns Ctrl-C and requests to end into a cancelled token; a second one ends the program at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

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
                    _source.Cancel();
                }));
            }
        }

        return _source.Token;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }
}
