using System.Collections;
using Firn.Model.Diagnostics;
using Firn.Store;
using Firn.Store.Substituting;
using Firn.Transfers;

namespace Firn.Sessions.Stores;

/// <summary>The stores that the settings name as substituters, best first; opened, all at once, when they are first looked at.</summary>
internal sealed class SubstituterList : IReadOnlyList<ISubstituter>
{
    private readonly Lazy<IReadOnlyList<ConfiguredSubstituter>> _named;
    private readonly Lazy<IReadOnlyList<ISubstituter>> _sorted;

    public SubstituterList(Session session)
    {
        _named = new(() => Name(session));
        _sorted = new(() =>
        {
            ParallelWork.ForEach(_named.Value, _named.Value.Count, s => s.Opened());
            return [.. _named.Value.OrderBy(s => s.Priority)];
        });
    }

    public int Count => _named.Value.Count;

    public ISubstituter this[int index] => _sorted.Value[index];

    public IEnumerator<ISubstituter> GetEnumerator() => _sorted.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static List<ConfiguredSubstituter> Name(Session session)
    {
        var named = new List<ConfiguredSubstituter>();
        foreach (var uri in session.Get<SubstituterSettings>().Substituters.Distinct())
        {
            try
            {
                var reference = StoreReference.Parse(uri);
                var isTrusted = reference.Parameters.GetValueOrDefault("trusted") is "true" or "1" or "yes";
                named.Add(new ConfiguredSubstituter(
                    reference.ToText(), isTrusted, () => new StoreOpener(session).Open(reference, StoreUse.Substituter), session.StoreDirectory,
                    TimeProvider.System, session.WarnOnce));
            }
            catch (FirnException e)
            {
                session.WarnOnce($"substituter '{UrlRedaction.Redact(uri)}' cannot be used: {e.Message}");
            }
        }

        return named;
    }
}
