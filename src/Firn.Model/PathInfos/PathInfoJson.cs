using System.Text.Json;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.PathInfos;

/// <summary>Writes what is known about an object as JSON, in the two versions that <c>nix path-info --json</c> has.</summary>
public static class PathInfoJson
{
    /// <summary>Writes the members of an object that the caller has begun and ends; members that the caller gives come at their place.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="info">What to write.</param>
    /// <param name="directory">The store's directory; version 1 spells paths with it.</param>
    /// <param name="version">1 or 2.</param>
    /// <param name="closureSize">The size of the closure, where it is wanted.</param>
    /// <param name="kept">How a binary cache keeps the object.</param>
    /// <param name="closureDownloadSize">The size of the files of the closure in a binary cache, where it is wanted.</param>
    public static void WriteMembers(
        Utf8JsonWriter json, PathInfo info, StoreDirectory directory, int version, long? closureSize = null, NarInfo? kept = null, long? closureDownloadSize = null)
    {
        string Show(StorePath path) => version == 1 ? directory.Absolute(path) : path.ToString();

        json.WritePropertyName("ca");
        WriteAddress(json, info.ContentAddress, version);
        if (closureDownloadSize is { } download)
        {
            json.WriteNumber("closureDownloadSize", download);
        }

        if (closureSize is { } size)
        {
            json.WriteNumber("closureSize", size);
        }

        if (kept is not null)
        {
            json.WriteString("compression", kept.Compression);
        }

        json.WriteString("deriver", info.Deriver is { } deriver ? Show(deriver) : null);
        if (kept?.FileHash is { } hash)
        {
            json.WriteString("downloadHash", hash.ToString(HashFormat.Sri));
        }

        if (kept is { FileSize: > 0 and var fileSize })
        {
            json.WriteNumber("downloadSize", fileSize);
        }

        json.WriteString("narHash", info.NarHash.ToString(HashFormat.Sri));
        json.WriteNumber("narSize", info.NarSize);
        json.WriteStartArray("references");
        foreach (var reference in info.References)
        {
            json.WriteStringValue(Show(reference));
        }

        json.WriteEndArray();
        if (info.RegistrationTime != 0)
        {
            json.WriteNumber("registrationTime", info.RegistrationTime);
        }
        else
        {
            json.WriteNull("registrationTime");
        }

        json.WriteStartArray("signatures");
        foreach (var signature in info.Signatures)
        {
            json.WriteStringValue(signature);
        }

        json.WriteEndArray();
        json.WriteString("storeDir", directory.Path);
        json.WriteBoolean("ultimate", info.IsUltimate);
        if (kept is not null)
        {
            json.WriteString("url", kept.Url);
        }

        json.WriteNumber("version", version);
    }

    private static void WriteAddress(Utf8JsonWriter json, ContentAddress? address, int version)
    {
        if (address is null)
        {
            json.WriteNullValue();
        }
        else if (version == 1)
        {
            json.WriteStringValue(address.ToString());
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("hash", address.Hash.ToString(HashFormat.Sri));
            json.WriteString("method", address.Method.Name());
            json.WriteEndObject();
        }
    }
}
