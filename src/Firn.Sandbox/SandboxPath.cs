using Firn.Platform.Files;

namespace Firn.Sandbox;

/// <summary>A path of this machine that builds see.</summary>
/// <param name="Target">Where they see it.</param>
/// <param name="Source">Where it is.</param>
/// <param name="IsOptional">Whether it may be missing.</param>
public sealed record SandboxPath(string Target, string Source, bool IsOptional)
{
    /// <summary>Reads <c>path</c>, <c>target=source</c>, and either with a <c>?</c> behind it.</summary>
    public static SandboxPath Parse(string text)
    {
        var isOptional = text.EndsWith('?');
        text = isOptional ? text[..^1] : text;
        var mark = text.IndexOf('=');
        return mark < 0 ? new(text, text, isOptional) : new(text[..mark], text[(mark + 1)..], isOptional);
    }

    /// <summary>Whether a program could be below one of the paths that builds see; the rest of their root is empty.</summary>
    public static bool MayHold(IEnumerable<string> targets, string program) => !program.StartsWith('/')
        || targets.Concat(["/proc", "/dev"]).Any(t => FilePath.IsWithin(program, t));

    /// <summary>Reads what a pre-build hook prints: <c>extra-sandbox-paths</c>, paths on lines of their own, an empty line.</summary>
    /// <exception cref="FormatException">There is another command.</exception>
    public static IEnumerable<SandboxPath> ParseHookOutput(string output)
    {
        var isList = false;
        foreach (var line in output.Split('\n')[..^1])
        {
            if (isList)
            {
                isList = line.Length > 0;
                if (isList)
                {
                    var mark = line.IndexOf('=');
                    yield return mark < 0 ? new(line, line, false) : new(line[..mark], line[(mark + 1)..], false);
                }
            }
            else
            {
                isList = line is "extra-sandbox-paths" or "extra-chroot-dirs"
                    ? true
                    : throw new FormatException($"unknown pre-build hook command '{line}'");
            }
        }
    }
}
