using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Model.Text;

namespace Firn.Flakes.Registries;

/// <summary>Which registries count.</summary>
public enum RegistryUse
{
    None,

    /// <summary>Those that mean the same to everybody: what a lock file says must not depend on who writes it.</summary>
    Shared,

    All,
}

/// <summary>Finds what the names of flakes stand for.</summary>
/// <param name="forms">Reads and writes references.</param>
/// <param name="list">Gives the registries, those that win first.</param>
public sealed class RegistryLookup(InputForms forms, Func<IEnumerable<FlakeRegistry>> list)
{
    private const int MaxSteps = 100;

    /// <summary>Returns what a reference stands for; itself when it is no name.</summary>
    /// <exception cref="FlakeException">No registry has the name, or they lead round in a circle.</exception>
    public FlakeReference Resolve(FlakeReference reference, RegistryUse use)
    {
        var found = reference;
        for (var step = 0; use != RegistryUse.None; step++)
        {
            if (step == MaxSteps)
            {
                throw new FlakeException(FlakeErrors.NotInRegistry, $"cycle detected in flake registry for '{forms.ToUrl(found.Input)}'");
            }

            if (Next(found, use) is not { } next)
            {
                break;
            }

            found = next;
        }

        return found.Input.Type == "indirect" ? throw NotFound(found, use) : found;
    }

    private FlakeReference? Next(FlakeReference reference, RegistryUse use)
    {
        foreach (var registry in list().Where(r => use == RegistryUse.All || r.Kind is RegistryKind.Flag or RegistryKind.Global))
        {
            foreach (var entry in registry.Entries)
            {
                if (entry.IsExact ? entry.From.Equals(reference.Input) : Covers(entry.From, reference.Input))
                {
                    var input = entry.IsExact ? entry.To.Input : forms.WithRevision(
                        entry.To.Input,
                        entry.From.Ref is null ? reference.Input.Ref : null,
                        entry.From.Revision is null ? reference.Input.Revision : null);
                    return new FlakeReference(input, entry.To.Directory.Length > 0 ? entry.To.Directory : reference.Directory);
                }
            }
        }

        return null;
    }

    /// <summary>Whether an entry is for this input, or for all branches and revisions of it.</summary>
    private static bool Covers(InputAttributes entry, InputAttributes input) =>
        entry.Equals(input) || entry.Equals(input.Without("ref")) || entry.Equals(input.Without("rev").Without("ref")) || entry.Equals(input.Without("rev"));

    private FlakeException NotFound(FlakeReference reference, RegistryUse use)
    {
        var name = reference.Input.GetText("id");
        var known = use == RegistryUse.None ? [] : list().SelectMany(r => r.Entries).Select(e => e.From.FindText("id")).OfType<string>();
        return new FlakeException(
            FlakeErrors.NotInRegistry, $"cannot find flake '{forms.ToUrl(reference.Input)}' in the flake registries",
            Suggestions.Hint(name, known) ?? $"'nix registry list' shows the names that are known, './{name}' would be a folder.");
    }
}
