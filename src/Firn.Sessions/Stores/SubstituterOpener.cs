using Firn.Model.Diagnostics;
using Firn.Store;
using Firn.Store.Substituting;

namespace Firn.Sessions.Stores;

/// <summary>Opens the stores that the settings name as substituters.</summary>
internal static class SubstituterOpener
{
    /// <summary>Returns those that can be used, best first; of the others a warning tells.</summary>
    public static IReadOnlyList<ISubstituter> Open(Session session)
    {
        var opened = new List<(int Priority, ISubstituter Substituter)>();
        foreach (var uri in session.Get<SubstituterSettings>().Substituters.Distinct())
        {
            try
            {
                var reference = StoreReference.Parse(uri);
                if (reference.Scheme is not ("file" or "local"))
                {
                    // Caches that the network is needed for are not asked; the default setting names one.
                    session.Log.Write(Verbosity.Talkative, $"substituter '{uri}' is passed over: this version asks no stores over the network");
                    continue;
                }

                var store = new StoreOpener(session).Open(reference, writes: false);
                var isTrusted = reference.Parameters.GetValueOrDefault("trusted") is "true" or "1" or "yes";
                var priority = reference.Parameters.GetValueOrDefault("priority") is { } text && int.TryParse(text, out var given) ? given : store.Priority;
                opened.Add((priority, new StoreSubstituter(
                    uri, isTrusted, store.Infos, store.Nars, store.Realisations, store.Directory, session.StoreDirectory)));
            }
            catch (FirnException e)
            {
                session.WarnOnce($"substituter '{uri}' cannot be used: {e.Message}");
            }
        }

        return [.. opened.OrderBy(o => o.Priority).Select(o => o.Substituter)];
    }
}
