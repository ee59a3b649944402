using Firn.Model.StorePaths;

namespace Firn.Store.Nars;

/// <summary>Gives the content of objects.</summary>
public interface INarSource
{
    /// <summary>Writes the NAR of <paramref name="path"/> to <paramref name="output"/>.</summary>
    /// <exception cref="StoreException">It is not valid.</exception>
    void WriteNar(StorePath path, Stream output);
}
