using Firn.Evaluation.Host;
using Firn.Model.StorePaths;
using Firn.Sessions.Stores;
using Firn.Store.References;

namespace Firn.Sessions.ResultCache;

/// <summary>Gives the answers of earlier evaluations for as long as all that they read is as it was.</summary>
/// <param name="folder">Where they are kept.</param>
/// <param name="verifier">Looks whether the world is as it was.</param>
/// <param name="observer">Knows what this evaluation saw.</param>
/// <param name="store">Where the objects are that answers name; null for none.</param>
/// <param name="isReadOnly">Whether answers only name them.</param>
internal sealed class AnswerCache(AnswerFolder folder, Verifier verifier, Observer observer, Lazy<OpenStore>? store, bool isReadOnly)
{
    /// <summary>Returns a kept answer that still holds, or null.</summary>
    public Entry? Find(string key)
    {
        if (folder.Find(key) is not { } entry || verifier.Check(entry.Observations) is not { } observations || !AreThere(entry.Needed))
        {
            return null;
        }

        if (observations != entry.Observations)
        {
            folder.Put(key, entry with { Observations = observations });
        }

        return entry;
    }

    /// <summary>Keeps the answer that was just found, if it can be checked what it rests on.</summary>
    /// <param name="key">The question's key.</param>
    /// <param name="answer">The answer's parts.</param>
    /// <param name="messages">What was told on the way.</param>
    public void Keep(string key, IEnumerable<ReadOnlyMemory<byte>> answer, IEnumerable<(MessageKind, string)> messages)
    {
        var observations = observer.Finish();
        if (observer.Obstacle is null)
        {
            ReadOnlyMemory<byte>[] parts = [.. answer];
            folder.Put(key, new Entry
            {
                Observations = observations,
                Messages = [.. messages],
                Answer = [.. parts],
                Needed = isReadOnly ? [] : [.. Named(parts)],
            });
        }
    }

    private IEnumerable<string> Named(ReadOnlyMemory<byte>[] answer)
    {
        var scanner = new ReferenceScanner(observer.Added);
        foreach (var part in answer)
        {
            scanner.Write(part.Span);
        }

        return scanner.Found.Select(path => path.ToString());
    }

    private bool AreThere(IEnumerable<string> needed)
    {
        foreach (var path in needed.Select(StorePath.Parse))
        {
            // First kept from being collected, then looked for.
            store?.Value.TemporaryRoots.AddTemporaryRoot(path);
            if (store?.Value.Infos.IsValid(path) != true)
            {
                return false;
            }
        }

        return true;
    }
}
