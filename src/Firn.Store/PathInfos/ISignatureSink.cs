using Firn.Model.StorePaths;

namespace Firn.Store.PathInfos;

/// <summary>Takes signatures for objects that are valid already.</summary>
public interface ISignatureSink
{
    /// <summary>Adds signatures to those of a valid object.</summary>
    void AddSignatures(StorePath path, IEnumerable<string> signatures);
}
