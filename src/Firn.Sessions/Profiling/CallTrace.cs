using System.Diagnostics;
using Firn.Evaluation.Host;

namespace Firn.Sessions.Profiling;

/// <summary>Writes a line for each call that begins and one for each that ends, as <c>trace-function-calls</c> asks for.</summary>
internal sealed class CallTrace(Action<string> write) : ICallObserver
{
    private readonly Stack<string> _open = new();

    public void Enter(in ObservedCall call)
    {
        _open.Push(call.Place);
        write($"function-trace entered {call.Place} at {Now}");
    }

    public void Exit() => write($"function-trace exited {_open.Pop()} at {Now}");

    // Nanoseconds, as scripts that add them up expect.
    private static long Now => (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;
}
