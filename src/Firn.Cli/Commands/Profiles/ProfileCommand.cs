using Firn.Building.BuiltinBuilders;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Cli.Legacy.NixEnv;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;
using Firn.Store.Contents;

namespace Firn.Cli.Commands.Profiles;

/// <summary>A command that works on a profile: the user's own unless another is named.</summary>
internal abstract class ProfileCommand : Command
{
    private string? _profile;

    public override void Declare(Grammar grammar) =>
        grammar.Value("profile", "path", "The profile to operate on.", v => _profile = Path.GetFullPath(v));

    /// <summary>Returns the path of the profile.</summary>
    protected string Profile(Session session) => _profile ??= DefaultProfile.Find(session.ProfileLocations);

    /// <summary>Reads what is in a profile or in one of its generations, also in one that <c>nix-env</c> made.</summary>
    protected static ProfileManifest Read(Session session, string profile)
    {
        var (json, nix) = ($"{profile}/manifest.json", $"{profile}/manifest.nix");
        var manifest = Path.Exists(json) ? ManifestJson.Read(File.ReadAllBytes(json), json, session.StoreDirectory)
            : Path.Exists(nix) ? new ProfileManifest([.. Installed(session, nix)])
            : ProfileManifest.Empty;
        // Older ones have no names.
        return manifest.Elements.Aggregate(ProfileManifest.Empty, (all, element) => all.Add(element));
    }

    /// <summary>Makes the environment of links and switches the profile to it.</summary>
    /// <exception cref="LinkConflictException">Two packages have the same file.</exception>
    protected static void Install(Session session, string profile, ProfileManifest manifest)
    {
        var folder = Directory.CreateTempSubdirectory("nix-profile-");
        try
        {
            var tree = $"{folder.FullName}/profile";
            Directory.CreateDirectory(tree);
            new LinkTree(tree, LinkedFiles.Of(path => Real(session, path)), line => session.Log.Write(Verbosity.Warning, line.Replace("warning: ", "", StringComparison.Ordinal)), session.Cancellation)
                .Add([.. manifest.Elements.Where(e => e.IsActive).SelectMany(e => e.StorePaths.Select(p => (session.StoreDirectory.Absolute(p), e.Priority)))]);
            File.WriteAllBytes($"{tree}/manifest.json", ManifestJson.Write(manifest, session.StoreDirectory));
            var made = session.Store.Contents.AddFromDisk("profile", tree, new ContentOptions
            {
                Method = ContentAddressMethod.NixArchive,
                References = [.. manifest.Elements.SelectMany(e => e.StorePaths).Distinct()],
            });
            session.Profiles.Set(profile, made);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Real(Session session, string path) =>
        session.StoreDirectory.TrySplit(path, out var stored, out var rest) ? session.Layout.RealPath(stored) + rest : path;

    private static List<ProfileElement> Installed(Session session, string manifest) =>
        new EvaluationArguments().Open(session.With(session.CommandLine, [new("pure-eval", "false", IsOverride: true)]), isReadOnly: true).Run(eval =>
            DerivationFinder.Find(eval, eval.Files.EvaluateFile(eval.Host.Files.Resolve(manifest)), AttributeSet.Empty, ignoresAssertions: false)
                .Select(found => new ProfileElement { Name = null, StorePaths = [new Package(eval, found).OutPath] }).ToList());
}
