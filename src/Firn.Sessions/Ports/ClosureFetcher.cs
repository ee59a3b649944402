using Firn.Evaluation.Host;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Sessions.Stores;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Nars;
using Firn.Store.PathInfos;
using Firn.Transfers;

namespace Firn.Sessions.Ports;

/// <summary>Takes objects from binary caches for <c>builtins.fetchClosure</c>.</summary>
internal sealed class ClosureFetcher(Session session)
{
    public StorePath Fetch(string uri, StorePath from, ClosureForm form)
    {
        var reference = StoreReference.Parse(uri);
        if (reference.Scheme is not ("http" or "https") && !(reference.Scheme == "file" && session.Environment("_NIX_IN_TEST") is not null))
        {
            throw new SessionException(SessionErrors.Fetching, "'fetchClosure' only supports http:// and https:// stores");
        }

        if (!reference.Parameters.IsEmpty)
        {
            throw new SessionException(SessionErrors.Fetching, $"'fetchClosure' does not support URL query parameters (in '{uri}')");
        }

        return form switch
        {
            ClosureForm.Rewritten(var expected) => Rewrite(uri, from, expected),
            ClosureForm.AsItIs(var isInputAddressed) => Take(uri, from, isInputAddressed),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private StorePath Rewrite(string uri, StorePath from, StorePath? expected)
    {
        var directory = session.StoreDirectory;
        if (expected is null || !session.Store.Infos.IsValid(expected))
        {
            using var source = session.OpenStore(uri);
            var made = new ContentAddresser(source, session.Store, session.Log).Copy([from], session.Cancellation)[from];
            if (expected is null || !expected.Equals(made))
            {
                var yielded = $"rewriting '{directory.Absolute(from)}' to content-addressed form yielded '{directory.Absolute(made)}'";
                throw new SessionException(SessionErrors.Fetching, expected is null
                    ? $"{yielded}\nUse this value for the 'toPath' attribute passed to 'fetchClosure'"
                    : $"{yielded}, while '{directory.Absolute(expected)}' was expected");
            }
        }

        return session.Store.Infos.Get(expected, directory).IsContentAddressed(directory)
            ? expected
            : throw new SessionException(
                SessionErrors.Fetching,
                $"The 'toPath' value '{directory.Absolute(expected)}' is input-addressed, so it can't possibly be the result of rewriting to a content-addressed path.\n\n"
                + "Set 'toPath' to an empty string to make Nix report the correct content-addressed path.");
    }

    private StorePath Take(string uri, StorePath from, bool isInputAddressed)
    {
        var directory = session.StoreDirectory;
        if (!session.Store.Infos.IsValid(from))
        {
            using var source = session.OpenStore(uri);
            new StoreCopier(source.Infos, source.Nars, session.Store.Infos, session.Store.NarSink, directory, session.Log)
            {
                AtOnce = session.Store.Connection is null ? 8 : 1,
            }.Copy(
                Closure.Of([from], source.Infos, directory), $"from '{UrlRedaction.Redact(uri)}'", new NarImport(Repair: false, ChecksSignatures: true),
                session.Cancellation);
        }

        var isByContent = session.Store.Infos.Get(from, directory).IsContentAddressed(directory);
        return isByContent != isInputAddressed ? from : throw new SessionException(SessionErrors.Fetching, isInputAddressed
            ? $"The store object referred to by 'fromPath' at '{directory.Absolute(from)}' is not input-addressed, but 'inputAddressed' is set to 'true'.\n\n"
            + "Remove the 'inputAddressed' attribute (it defaults to 'false') to expect 'fromPath' to be content-addressed"
            : $"The 'fromPath' value '{directory.Absolute(from)}' is input-addressed, but 'inputAddressed' is set to 'false' (default).\n\n"
            + "If you do intend to fetch an input-addressed store path, add\n\n    inputAddressed = true;\n\nto the 'fetchClosure' arguments.\n\n"
            + "Note that to ensure authenticity input-addressed store paths, users must configure a trusted binary cache public key on their systems. This is not needed for content-addressed paths.");
    }
}
