using System.Globalization;
using System.Text;
using Firn.Evaluation;
using Firn.Model.Hashing;
using Firn.Platform.Linux;

namespace Firn.Sessions.ResultCache;

/// <summary>What identifies an evaluation before it starts: who asks what of which program, set up how.</summary>
internal static class Question
{
    /// <summary>What a command asks, as its user sees it.</summary>
    public static IEnumerable<string> Of(Session session, IEnumerable<string> parts) =>
        [Environment.CurrentDirectory, .. session.Arguments ?? [], "question", .. parts];

    /// <summary>Returns the key of a question.</summary>
    /// <param name="session">The settings and the store.</param>
    /// <param name="program">Which program answers.</param>
    /// <param name="options">What the evaluator is given.</param>
    /// <param name="isReadOnly">Whether nothing is written to the store.</param>
    /// <param name="parts">What is asked.</param>
    public static string Key(Session session, string program, EvaluationOptions options, bool isReadOnly, IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        Add(program);
        Add(CurrentUser.Id.ToString(CultureInfo.InvariantCulture));
        Add($"{isReadOnly}");
        foreach (var part in parts)
        {
            Add(part);
        }

        Add("store");
        Add(session.Reference.ToString());
        Add($"{session.EvaluationReference}");
        Add(session.StoreDirectory.Path);
        Add(session.Layout.StateDirectory);
        Add(session.Layout.RealPath(session.StoreDirectory.Path));
        Add("options");
        Add(options.CurrentSystem);
        Add(options.HomeDirectory ?? "");
        foreach (var path in options.AllowedPaths)
        {
            Add(path);
        }

        foreach (var entry in options.SearchPath)
        {
            Add($"{entry.Prefix}={entry.Path}");
        }

        foreach (var (setting, value) in session.Settings.Print())
        {
            Add($"{setting.Name} = {value}");
        }

        return Hash.Of(HashAlgorithm.Blake3, Encoding.UTF8.GetBytes(text.ToString())).Digest(HashFormat.Nix32);

        void Add(string part) => text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}\n");
    }
}
