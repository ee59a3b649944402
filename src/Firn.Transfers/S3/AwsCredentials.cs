namespace Firn.Transfers.S3;

/// <summary>Who asks an S3 server for something.</summary>
/// <param name="AccessKey">The name of the key.</param>
/// <param name="SecretKey">The key.</param>
/// <param name="SessionToken">What goes with keys that hold for some hours only; null for others.</param>
public sealed record AwsCredentials(string AccessKey, string SecretKey, string? SessionToken)
{
    /// <summary>Finds them in the environment, then in the file of profiles; null when there are none.</summary>
    public static AwsCredentials? Find(string profile, Func<string, string?> environment)
    {
        if (environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } access && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
        {
            return new(access, secret, environment("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null);
        }

        var file = environment("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } named ? named : $"{environment("HOME")}/.aws/credentials";
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllText(file), profile) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a profile of the text of such a file; null when it has none of that name.</summary>
    public static AwsCredentials? Parse(string text, string profile)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isWanted = false;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith('['))
            {
                isWanted = line.Trim('[', ']').Trim() == profile;
            }
            else if (isWanted && line.Split('=', 2) is [var name, var value])
            {
                values[name.Trim()] = value.Trim();
            }
        }

        return values.TryGetValue("aws_access_key_id", out var access) && values.TryGetValue("aws_secret_access_key", out var secret)
            ? new(access, secret, values.GetValueOrDefault("aws_session_token"))
            : null;
    }

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => $"AWS credentials '{AccessKey}'";
}
