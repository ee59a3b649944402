using Firn.Evaluation.Host;

namespace Firn.Evaluation.Remembering;

/// <summary>Where parts of evaluations are remembered that follow from files alone.</summary>
public interface IClosedMemory
{
    /// <summary>The world as those parts see it; what they see is taken down apart from all else.</summary>
    IEvaluationHost Host { get; }

    /// <summary>Returns what is remembered of a call, if all that it rests on is as it was; else null.</summary>
    /// <param name="file">The file whose function is called.</param>
    /// <param name="argument">Text that tells what it is called with from all else.</param>
    ReadOnlyMemory<byte>? Find(string file, string argument);

    /// <summary>Remembers a call in the place of what was remembered of it.</summary>
    void Keep(string file, string argument, ReadOnlyMemory<byte> content);
}
