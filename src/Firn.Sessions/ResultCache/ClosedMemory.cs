using Firn.Evaluation.Host;
using Firn.Evaluation.Remembering;

namespace Firn.Sessions.ResultCache;

/// <summary>Remembers parts of evaluations between runs, as answers are: for as long as all that they read is as it was.</summary>
/// <param name="host">The world; what is seen of it is taken down by <paramref name="observer"/>.</param>
/// <param name="observer">Knows what those parts saw.</param>
/// <param name="whole">Knows what the whole evaluation saw.</param>
/// <param name="answers">Where they are kept.</param>
/// <param name="key">Returns the key of a call.</param>
internal sealed class ClosedMemory(IEvaluationHost host, Observer observer, Observer whole, AnswerCache answers, Func<string[], string> key) : IClosedMemory
{
    public IEvaluationHost Host => host;

    public ReadOnlyMemory<byte>? Find(string file, string argument)
    {
        if (answers.Find(key([file, argument])) is not { } entry)
        {
            return null;
        }

        observer.Adopt(entry);
        return entry.Answer[0];
    }

    public void Keep(string file, string argument, ReadOnlyMemory<byte> content)
    {
        // What they told has to be told again, and by whom it was told is not known.
        if (observer.TakeMessages().IsEmpty && whole.Obstacle is null)
        {
            answers.Keep(key([file, argument]), [content], []);
        }
    }
}
