using Firn.Model.StorePaths;
using Firn.Store.Copying;

namespace Firn.Store.Nars;

/// <summary>Gives the content of objects.</summary>
public interface INarSource
{
    /// <summary>Writes the NAR of <paramref name="path"/> to <paramref name="output"/>.</summary>
    /// <exception cref="StoreException">It is not valid.</exception>
    void WriteNar(StorePath path, Stream output);

    /// <summary>Gives the NAR of <paramref name="path"/> as one reads, and perhaps bytes after it: for readers that look where it ends.</summary>
    /// <exception cref="StoreException">It is not valid; reading may say so, too.</exception>
    Stream OpenNar(StorePath path) => new PulledNar(output => WriteNar(path, output));
}
