using System.Collections;
using Firn.Model.Signing;

namespace Firn.Sessions.Stores;

/// <summary>Public keys that are read when the first signature is checked: most commands check none, and the library takes time to load.</summary>
internal sealed class DeferredKeys(IReadOnlyCollection<string> texts) : IReadOnlyCollection<PublicKey>
{
    private readonly Lazy<PublicKey[]> _keys = new(() => [.. texts.Select(PublicKey.Parse)]);

    public int Count => texts.Count;

    public IEnumerator<PublicKey> GetEnumerator() => ((IEnumerable<PublicKey>)_keys.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
