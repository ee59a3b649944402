using System.Runtime.CompilerServices;
using Firn.Evaluation.Helping;
using Firn.Evaluation.Memory;
using Firn.Evaluation.Remembering;
using Firn.Evaluation.Values;

namespace Firn.Evaluation;

/// <summary>Keeping apart what follows from files alone: where its values are, which files it evaluated, what it saw of the world.</summary>
/// <remarks>
/// A thunk is computed on the side of the addresses that it stands on. What stands on the closed side was made there, from a
/// file's function and data only (<see cref="Remembering.ClosedCalls"/>), so it needs nothing of the open side but what the
/// program itself defines, and all that it reads is read through a host of its own.
/// </remarks>
public sealed unsafe partial class Evaluator
{
    private readonly SourceFiles _files;
    private SourceFiles? _closedFiles;
    private GuardedHost? _closedHost;
    private bool _isClosed;

    /// <summary>Remembers what follows from files alone; null when nothing is to be remembered.</summary>
    internal ClosedCalls? ClosedCalls { get; private set; }

    /// <summary>Lets parts of this evaluation be remembered; to be called before anything is evaluated.</summary>
    public void Remember(IClosedMemory memory)
    {
        // Who may not read all files sees errors depend on what was read before.
        if (!IsRestricted && AddressSpace.HasClosed)
        {
            UseClosedCalls(new ClosedCalls(memory), null);
        }
    }

    /// <summary>Hands out what is worth remembering; to be called on the evaluation's thread when it is over and went well.</summary>
    public void KeepClosedCalls() => ClosedCalls?.Keep(this);

    /// <summary>Runs <paramref name="work"/> on the closed side; after a failure the catcher unwinds.</summary>
    internal void RunClosed(Action work)
    {
        GoTo(isClosed: true);
        work();
        GoTo(isClosed: false);
    }

    /// <summary>Whether evaluation is on the closed side.</summary>
    internal bool IsClosedNow => _isClosed;

    /// <summary>The files that were evaluated on the open side.</summary>
    internal SourceFiles OpenFiles => _files;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsClosed(Slot* slot) => (long)slot >= AddressSpace.ClosedStart;

    private Value ForceAcross(Slot* slot)
    {
        GoTo(!_isClosed);
        var value = ForceThunk(slot);
        GoTo(!_isClosed);
        return value;
    }

    private void GoTo(bool isClosed)
    {
        if (_isClosed != isClosed)
        {
            _isClosed = isClosed;
            Heap.Switch();
        }
    }

    private void UseClosedCalls(ClosedCalls? calls, SourceFiles? files)
    {
        if (calls is not null)
        {
            ClosedCalls = calls;
            _closedHost = new GuardedHost(calls.Memory.Host, this);
            _closedFiles = files is null ? new SourceFiles(this) : new SourceFiles(this, files);
        }
    }
}
