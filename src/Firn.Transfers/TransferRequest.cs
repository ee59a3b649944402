using System.Collections.Immutable;

namespace Firn.Transfers;

/// <summary>What to ask a server for.</summary>
/// <param name="Uri">Where.</param>
public sealed record TransferRequest(Uri Uri)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Headers for the server that is asked, not for those that it sends us to.</summary>
    public ImmutableArray<TransferHeader> Headers { get; init; } = [];

    /// <summary>The tag of the version that is here already; empty when there is none.</summary>
    public string KnownETag { get; init; } = "";

    /// <summary>What is sent; null when nothing is.</summary>
    public TransferContent? Content { get; init; }

    /// <summary>Whether to try again when not even a connection can be made: one of many caches is left alone instead.</summary>
    public bool RetriesConnecting { get; init; } = true;

    /// <summary>How long an answer may take to begin before the server counts as one that cannot be reached; null for the usual time.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Whether people are told of this one while it goes on.</summary>
    public bool IsShown { get; init; }

    /// <summary>Signs the request as it is about to be sent; null when no signature is wanted.</summary>
    public Action<HttpRequestMessage>? Sign { get; init; }
}

/// <summary>A header to send along, such as a token.</summary>
public readonly record struct TransferHeader(string Name, string Value);

/// <summary>What is sent to a server; opened anew for each attempt.</summary>
/// <param name="Open">Opens it at the start.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Type">What it is, such as <c>text/plain</c>.</param>
public sealed record TransferContent(Func<Stream> Open, long Length, string Type)
{
    /// <summary>How it is compressed, such as <c>br</c>; empty when it is not.</summary>
    public string Encoding { get; init; } = "";
}
