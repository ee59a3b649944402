using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Profiles.UserEnvironments;
using Firn.Sessions;

namespace Firn.Cli.Commands.Profiles;

/// <summary><c>nix profile list</c>: lists the packages of a profile, and where they came from.</summary>
internal sealed class ProfileListCommand : ProfileCommand
{
    private readonly JsonOptions _json = new();

    public override string Summary => "list packages in the profile";

    public override string Examples => """
        # What is installed, and from where:
        $ nix profile list
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        var manifest = Read(session, Profile(session));
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json => json.WriteRawValue(ManifestJson.Write(manifest, session.StoreDirectory)));
            return 0;
        }

        var ansi = new Ansi(Terminal.IsOutputTerminal);
        for (var i = 0; i < manifest.Elements.Length; i++)
        {
            if (i > 0)
            {
                output.Line("");
            }

            var element = manifest.Elements[i];
            output.Line($"Name:               {ansi.Bold(element.Name!)}{(element.IsActive ? "" : " " + ansi.Error("(inactive)"))}");
            if (element.Source is { } source)
            {
                output.Line($"Flake attribute:    {source.AttributePath}{source.OutputsText}");
                output.Line($"Original flake URL: {source.OriginalUrl}");
                output.Line($"Locked flake URL:   {source.LockedUrl}");
            }

            output.Line($"Store paths:        {string.Join(' ', element.StorePaths.Select(session.StoreDirectory.Absolute))}");
        }

        return 0;
    }
}
