using System.Globalization;
using System.Text.Json;
using Firn.Cli.Parsing;
using Firn.Fetching.Inputs;
using Firn.Flakes.Locking;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake metadata</c>: says what a flake and its inputs exactly are.</summary>
/// <param name="isOldName">Whether it was called by its name from before.</param>
internal sealed class FlakeMetadataCommand(bool isOldName = false) : FlakeCommand
{
    private readonly JsonOptions _json = new();

    public override string Summary => isOldName ? "deprecated: use nix flake metadata instead" : "show flake metadata";

    public override string Examples => """
        # What the flake in this folder is made of:
        $ nix flake metadata
        # Which revision a name stands for just now:
        $ nix flake metadata nixpkgs --json | jq -r .revision
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
    }

    public override int Run(Session session, Output output)
    {
        if (isOldName)
        {
            session.WarnOnce("'nix flake info' is a deprecated alias for 'nix flake metadata'");
        }

        var flake = Lock(session);
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json => WriteJson(json, session, flake));
        }
        else
        {
            WriteText(session, flake, output);
        }

        return 0;
    }

    private static void WriteJson(Utf8JsonWriter json, Session session, LockedFlake locked)
    {
        var (flake, forms) = (locked.Flake, session.Flakes.Forms);
        var input = flake.Locked.Input;
        json.WriteStartObject();
        WriteIf(json, "description", flake.File.Description);
        WriteIf(json, "dirtyRevision", input.FindText("dirtyRev"));
        WriteIf(json, "fingerprint", FindFingerprint(session, locked));
        WriteIf(json, "lastModified", input.FindInteger("lastModified"));
        WriteRaw(json, "locked", input.Without("__final") is var plain && flake.Locked.Directory.Length > 0 ? plain.With("dir", flake.Locked.Directory) : plain);
        json.WritePropertyName("locks");
        json.WriteRawValue(LockFileJson.Write(locked.Lock, 0).Text);
        WriteRaw(json, "original", flake.Original.ToAttributes());
        json.WriteString("originalUrl", flake.Original.ToText(forms));
        json.WriteString("path", session.StoreDirectory.Absolute(flake.Place.Tree));
        WriteRaw(json, "resolved", flake.Resolved.ToAttributes());
        json.WriteString("resolvedUrl", flake.Resolved.ToText(forms));
        WriteIf(json, "revCount", input.FindInteger("revCount"));
        WriteIf(json, "revision", input.FindRevision()?.Digest(HashFormat.Base16));
        json.WriteString("url", flake.Locked.ToText(forms));
        json.WriteEndObject();
    }

    private static void WriteText(Session session, LockedFlake locked, Output output)
    {
        var (flake, forms) = (locked.Flake, session.Flakes.Forms);
        var input = flake.Locked.Input;
        Line(output, "Resolved URL:", flake.Resolved.ToText(forms));
        Line(output, "Locked URL:", forms.IsLocked(input) ? flake.Locked.ToText(forms) : null);
        Line(output, "Description:", flake.File.Description);
        Line(output, "Path:", session.StoreDirectory.Absolute(flake.Place.Tree));
        Line(output, "Revision:", input.FindRevision()?.Digest(HashFormat.Base16));
        Line(output, "Revision:", input.FindText("dirtyRev"));
        Line(output, "Revisions:", input.FindInteger("revCount")?.ToString(CultureInfo.InvariantCulture));
        Line(output, "Last modified:", input.FindInteger("lastModified") is { } time
            ? DateTimeOffset.FromUnixTimeSeconds((long)time).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : null);
        Line(output, "Fingerprint:", FindFingerprint(session, locked));
        if (locked.Lock.Root.Inputs.Count > 0)
        {
            output.Line("Inputs:");
            WriteInputs(output, locked.Lock.Root, "", forms, [locked.Lock.Root]);
        }
    }

    private static void WriteInputs(Output output, LockNode node, string prefix, InputForms forms, HashSet<LockNode> visited)
    {
        var left = node.Inputs.Count;
        foreach (var (name, edge) in node.Inputs)
        {
            var isLast = --left == 0;
            var start = prefix + (isLast ? "└───" : "├───");
            if (edge is LockEdge.Own { Node: var inner })
            {
                var reference = inner.Locked!.Reference;
                var time = reference.Input.FindInteger("lastModified") is { } seconds
                    ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString(" (yyyy-MM-dd HH:mm:ss)", CultureInfo.InvariantCulture)
                    : "";
                output.Line($"{start}{name}: {reference.ToText(forms)}{time}");
                if (visited.Add(inner))
                {
                    WriteInputs(output, inner, prefix + (isLast ? "    " : "│   "), forms, visited);
                }
            }
            else if (edge is LockEdge.Same same)
            {
                output.Line($"{start}{name} follows input '{same.As}'");
            }
        }
    }

    /// <summary>Returns a hash that stands for all that evaluation of the flake depends on; null when not all of it is locked.</summary>
    private static string? FindFingerprint(Session session, LockedFlake locked)
    {
        if (locked.Lock.FindUnlocked(session.Flakes.Forms, session.Get<Fetching.FetchSettings>()) is not null)
        {
            return null;
        }

        var input = locked.Flake.Locked.Input;
        var text = $"{input.NarHash};{locked.Flake.Locked.Directory};{LockFileJson.Write(locked.Lock)};{input.FindInteger("revCount")};{input.FindInteger("lastModified")}";
        return Hash.Sha256(System.Text.Encoding.UTF8.GetBytes(text)).Digest(HashFormat.Base16);
    }

    private static void Line(Output output, string name, string? value)
    {
        if (value is not null)
        {
            output.Line($"{name,-14} {value}");
        }
    }

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteIf(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, InputAttributes attributes)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(attributes.ToJson());
    }
}
