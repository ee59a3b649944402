using Firn.Flakes.Files;
using Firn.Flakes.References;

namespace Firn.Flakes.Resolving;

/// <summary>A flake that was fetched and whose file was read.</summary>
/// <param name="Original">How it was asked for.</param>
/// <param name="Resolved">What the registries made of that.</param>
/// <param name="Locked">What it exactly is.</param>
/// <param name="Place">Where it is in the store.</param>
/// <param name="File">What its <c>flake.nix</c> says.</param>
public sealed record FetchedFlake(FlakeReference Original, FlakeReference Resolved, FlakeReference Locked, FlakePlace Place, FlakeFile File);
