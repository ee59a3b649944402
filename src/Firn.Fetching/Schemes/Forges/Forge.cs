using System.Collections.Immutable;
using System.Text.Json;
using Firn.Fetching.Inputs;
using Firn.Model.Hashing;
using Firn.Transfers;

namespace Firn.Fetching.Schemes.Forges;

/// <summary>A kind of server that makes archives of Git repositories: where it has what, and how it knows its users.</summary>
public abstract class Forge
{
    private Forge(string name, string defaultHost) => (Name, DefaultHost) = (name, defaultHost);

    /// <summary>The forges that there are.</summary>
    public static ImmutableArray<Forge> All { get; } = [new GitHub(), new GitLab(), new SourceHut()];

    /// <summary>The value of <c>type</c>, and the scheme of URLs.</summary>
    public string Name { get; }

    private string DefaultHost { get; }

    /// <summary>Returns the server that an input is on.</summary>
    public string HostOf(InputAttributes input) => input.FindText("host") ?? DefaultHost;

    /// <summary>Returns the header that shows a token of the setting <c>access-tokens</c>.</summary>
    public abstract TransferHeader Header(string token);

    /// <summary>Returns where the archive of an input's revision is.</summary>
    public abstract string ArchiveUrl(InputAttributes input, bool hasToken);

    /// <summary>Finds the revision that an input's branch or tag is at now.</summary>
    /// <param name="input">An input with <c>ref</c>.</param>
    /// <param name="download">Downloads a file and returns what is in it.</param>
    /// <returns>The revision, or null when there is no such branch or tag.</returns>
    public abstract string? FindRevision(InputAttributes input, Func<string, byte[]> download);

    private static string Digest(InputAttributes input) => input.FindRevision()!.Digest(HashFormat.Base16);

    private static string Place(InputAttributes input, string between) => input.GetText("owner") + between + input.GetText("repo");

    private sealed class GitHub() : Forge("github", "github.com")
    {
        public override TransferHeader Header(string token) => new("Authorization", $"token {token}");

        // Without a token the plain archive, which no limit of the programming interface counts.
        public override string ArchiveUrl(InputAttributes input, bool hasToken) =>
            HostOf(input) == DefaultHost && !hasToken
                ? $"https://{DefaultHost}/{Place(input, "/")}/archive/{Digest(input)}.tar.gz"
                : $"{Interface(input)}/tarball/{Digest(input)}";

        public override string? FindRevision(InputAttributes input, Func<string, byte[]> download)
        {
            using var answer = JsonDocument.Parse(download($"{Interface(input)}/commits/{input.Ref}"));
            return answer.RootElement.TryGetProperty("sha", out var revision) ? revision.GetString() : null;
        }

        private string Interface(InputAttributes input) =>
            $"https://{(HostOf(input) == DefaultHost ? "api." + DefaultHost : HostOf(input) + "/api/v3")}/repos/{Place(input, "/")}";
    }

    private sealed class GitLab() : Forge("gitlab", "gitlab.com")
    {
        public override TransferHeader Header(string token) => token.Split(':', 2) switch
        {
            ["OAuth2", var value] => new("Authorization", $"Bearer {value}"),
            ["PAT", var value] => new("Private-token", value),
            [var name, var value] => new(name, value),
            _ => new("Private-token", token),
        };

        public override string ArchiveUrl(InputAttributes input, bool hasToken) => $"{Interface(input)}/archive.tar.gz?sha={Digest(input)}";

        public override string? FindRevision(InputAttributes input, Func<string, byte[]> download)
        {
            using var answer = JsonDocument.Parse(download($"{Interface(input)}/commits?ref_name={input.Ref}"));
            return answer.RootElement is { ValueKind: JsonValueKind.Array } commits && commits.GetArrayLength() > 0
                ? commits[0].GetProperty("id").GetString()
                : null;
        }

        private string Interface(InputAttributes input) => $"https://{HostOf(input)}/api/v4/projects/{Place(input, "%2F")}/repository";
    }

    private sealed class SourceHut() : Forge("sourcehut", "git.sr.ht")
    {
        public override TransferHeader Header(string token) => new("Authorization", $"Bearer {token}");

        public override string ArchiveUrl(InputAttributes input, bool hasToken) => $"{Repository(input)}/archive/{Digest(input)}.tar.gz";

        // There is no programming interface for it: the files are read that git itself would read.
        public override string? FindRevision(InputAttributes input, Func<string, byte[]> download)
        {
            ImmutableArray<string> wanted = input.Ref == "HEAD"
                ? [Text(download, $"{Repository(input)}/HEAD").Trim().Replace("ref: ", "", StringComparison.Ordinal)]
                : [$"refs/heads/{input.Ref}", $"refs/tags/{input.Ref}"];
            return Text(download, $"{Repository(input)}/info/refs").Split('\n')
                .Select(line => line.Split('\t'))
                .FirstOrDefault(parts => parts.Length == 2 && wanted.Contains(parts[1]))?[0];
        }

        private static string Text(Func<string, byte[]> download, string url) => System.Text.Encoding.UTF8.GetString(download(url));

        private string Repository(InputAttributes input) => $"https://{HostOf(input)}/{Place(input, "/")}";
    }
}
