using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Firn.Transfers;

/// <summary>Says in a sentence what an exception of the network means, and whether it may pass.</summary>
internal static class NetworkFailures
{
    /// <summary>Says why no answer came.</summary>
    internal static TransferProblem Describe(Exception e) => e switch
    {
        HttpRequestException { InnerException: CertificateException inner } => new(TransferFailure.Unreachable, inner.Message, false),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(TransferFailure.Unreachable, e.Message, true),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(
            TransferFailure.Unreachable, e.Message, e.InnerException is SocketException { SocketErrorCode: not SocketError.TimedOut }),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
            TransferFailure.Unreachable, $"no secure connection can be made, perhaps because the server does not speak TLS at this port ({Innermost(e)})",
            e.InnerException is not AuthenticationException),
        // The time for a connection is up: no sense in spending as much again.
        OperationCanceledException { InnerException: TimeoutException } => new(
            TransferFailure.Unreachable, "no connection could be made in time", false),
        OperationCanceledException => new(TransferFailure.Broken, "the server does not answer", true),
        _ => new(TransferFailure.Broken, Sentence(e), true),
    };

    /// <summary>Says why a body breaks off.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="position">How many bytes of it came.</param>
    /// <param name="length">How many the server promised; null when it did not.</param>
    internal static TransferProblem DescribeBreak(Exception e, long position, long? length)
    {
        var isClosed = e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } || e.InnerException is SocketException;
        var message = isClosed
            ? string.Create(CultureInfo.InvariantCulture, $"the connection was closed after {position}{(length is { } all ? $" of {all}" : "")} bytes{(length is null ? ", before the end" : "")}")
            : Sentence(e);
        return new TransferProblem(TransferFailure.Broken, message, true);
    }

    private static string Sentence(Exception e) => Error(e) switch
    {
        HttpRequestError.ResponseEnded => "the server closed the connection without an answer",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError =>
            $"the server's answer is not as HTTP wants it: {Innermost(e)}",
        HttpRequestError.ConfigurationLimitExceeded => "the headers of the server's answer are longer than any that make sense",
        _ => Innermost(e),
    };

    private static HttpRequestError? Error(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => request.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ => e.InnerException is { } inner ? Error(inner) : null,
    };

    private static string Innermost(Exception e)
    {
        var innermost = e.GetBaseException();
        var suffix = innermost is HttpIOException io ? $" ({io.HttpRequestError})" : "";
        return innermost.Message[..^(suffix.Length > 0 && innermost.Message.EndsWith(suffix, StringComparison.Ordinal) ? suffix.Length : 0)].TrimEnd('.');
    }
}
