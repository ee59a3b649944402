using System.Collections.Concurrent;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Sessions.ResultCache;

/// <summary>Hashes what an evaluation read on another thread, so that evaluation does not wait for it.</summary>
internal sealed class ContentHasher
{
    // Of a larger file it is enough to know that it has not been touched.
    private const long Largest = 1 << 20;

    private readonly BlockingCollection<Action> _work = new(new ConcurrentQueue<Action>());
    private Thread? _thread;

    /// <summary>Hashes bytes that nobody changes any more.</summary>
    public void Add(byte[] content, Action<byte[]> take) => Enqueue(() => take(Of(content)));

    /// <summary>Hashes a file that is as <paramref name="signature"/> says.</summary>
    public void AddFile(string path, FileSignature signature, TimeProvider time, Action<byte[]> take)
    {
        if (!signature.IsTrusted || signature.Size > Largest)
        {
            return;
        }

        Enqueue(() =>
        {
            try
            {
                var content = FileContent.ReadAll(path);
                if (PathStatus.Find(path) is { } status && FileSignature.Of(status, time.GetUtcNow()) == signature)
                {
                    take(Of(content));
                }
            }
            catch (FirnException)
            {
                // It is gone: the signature alone will say so.
            }
        });
    }

    /// <summary>Waits for all hashes; more can be added afterwards.</summary>
    public void Finish()
    {
        if (_thread is null)
        {
            return;
        }

        using var done = new ManualResetEventSlim();
        _work.Add(done.Set);
        done.Wait();
    }

    public static byte[] Of(byte[] content) => Hash.Sha256(content).Bytes.ToArray();

    private void Enqueue(Action action)
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "hashing" };
            _thread.Start();
        }

        _work.Add(action);
    }

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
