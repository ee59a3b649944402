using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>The option that has a result become the newest generation of a profile.</summary>
internal sealed class ProfileOption
{
    private string? _profile;

    public void Declare(Grammar grammar) =>
        grammar.Value("profile", "path", "The profile to operate on.", v => _profile = Path.GetFullPath(v));

    /// <summary>Does it, when the option was given.</summary>
    /// <exception cref="UsageException">There is more than one result, or none.</exception>
    public void Update(Session session, IReadOnlyList<StorePath> results)
    {
        if (_profile is not null)
        {
            session.Profiles.Set(_profile, results is [var only] ? only : throw new UsageException(
                $"'--profile' requires that the arguments produce a single store path, but there are {results.Count}"));
        }
    }
}
