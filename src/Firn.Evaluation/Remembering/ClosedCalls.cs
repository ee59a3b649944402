using System.Collections.Concurrent;
using Firn.Evaluation.Values;

namespace Firn.Evaluation.Remembering;

/// <summary>Calls of whole files with data, whose results follow from files alone: each is made once, and parts of it are remembered.</summary>
/// <remarks>
/// The package set of Nixpkgs is such a result. An evaluation with another configuration of the system needs much the same
/// packages of it; those whose attributes are remembered are not evaluated again (decision 010).
/// </remarks>
internal sealed class ClosedCalls(IClosedMemory memory)
{
    // Where it pays: looking for data in the arguments of each and every function would not.
    private const string PackageSet = "/pkgs/top-level/default.nix";

    private readonly ConcurrentDictionary<(string File, string Argument), ClosedCall> _calls = [];

    public IClosedMemory Memory => memory;

    /// <summary>Whether calls of the function in <paramref name="file"/> are remembered.</summary>
    public static bool IsWorthIt(string file) => file.EndsWith(PackageSet, StringComparison.Ordinal);

    /// <summary>Calls the function in a file; null when what it is called with is not data only.</summary>
    public Value? Call(Evaluator eval, string file, AttributeSet argument)
    {
        if (eval.IsClosedNow || ClosedArgument.Find(eval, argument, file[..^PackageSet.Length]) is not { } data)
        {
            return null;
        }

        if (_calls.TryGetValue((file, data.Text), out var known))
        {
            return known.Result;
        }

        var call = new ClosedCall(file, data.Text, memory.Find(file, data.Text));
        call.Run(eval, data);
        return _calls.GetOrAdd((file, data.Text), call).Result;
    }

    /// <summary>Returns the set that was evaluated, for one that was made from memory; null for others.</summary>
    public AttributeSet? FindOriginal(Evaluator eval, AttributeSet set)
    {
        foreach (var call in _calls.Values)
        {
            if (call.Memory?.FindOriginal(set) is { } original)
            {
                return eval.Force(original).AsSet;
            }
        }

        return null;
    }

    /// <summary>Hands out what is worth remembering.</summary>
    public void Keep(Evaluator eval)
    {
        foreach (var call in _calls.Values)
        {
            if (call.FindNews(eval) is { } content)
            {
                memory.Keep(call.File, call.Argument, content);
            }
        }
    }
}
