using System.Globalization;
using System.Text;
using Firn.Fetching.Inputs;

namespace Firn.Flakes.Locking;

/// <summary>Tells people what changes from one lock file to another.</summary>
public static class LockFileDifference
{
    /// <summary>Returns lines, each with a newline; none when nothing changes.</summary>
    public static string Describe(LockFile before, LockFile after, InputForms forms)
    {
        var (old, current) = (before.ListInputs(), after.ListInputs());
        var text = new StringBuilder();
        foreach (var path in old.Keys.Union(current.Keys).Order())
        {
            switch (old.GetValueOrDefault(path), current.GetValueOrDefault(path))
            {
                case (null, { } added):
                    text.Append(CultureInfo.InvariantCulture, $"• Added input '{path}':\n    {Describe(added, forms)}\n");
                    break;
                case (_, null):
                    text.Append(CultureInfo.InvariantCulture, $"• Removed input '{path}'\n");
                    break;
                case ({ } was, { } now) when !IsSame(was, now):
                    text.Append(CultureInfo.InvariantCulture, $"• Updated input '{path}':\n    {Describe(was, forms)}\n  → {Describe(now, forms)}\n");
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Returns what an input is, in a few words.</summary>
    public static string Describe(LockEdge edge, InputForms forms) => edge switch
    {
        LockEdge.Own { Node.Locked.Reference: var reference } =>
            $"'{reference.ToText(forms)}'{(reference.Input.FindInteger("lastModified") is { } time ? $" ({Date(time)})" : "")}",
        LockEdge.Same same => $"follows '{same.As}'",
        _ => "",
    };

    private static string Date(ulong time) => DateTimeOffset.FromUnixTimeSeconds((long)time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsSame(LockEdge one, LockEdge other) => (one, other) switch
    {
        (LockEdge.Own { Node.Locked: var was }, LockEdge.Own { Node.Locked: var now }) => Plain(was!) == Plain(now!),
        (LockEdge.Same was, LockEdge.Same now) => was.As.Equals(now.As),
        _ => false,
    };

    private static string Plain(LockedInput input) => input.Reference.ToAttributes().Without("__final").ToJson();
}
