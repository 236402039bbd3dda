using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.StaticAssets;

namespace PatientResponse.Infrastructure.Web;

/// <summary>Gives pages (<c>@Assets["lib/staff.css"]</c>) the address that holds a file's fingerprint: a browser keeps that for good.</summary>
public static class FingerprintedAssets
{
    /// <summary>For the endpoints of pages; after <c>MapStaticAssets</c>.</summary>
    public static ResourceAssetCollection Of(IEndpointRouteBuilder app) => new([
        .. from endpoint in app.DataSources.SelectMany(source => source.Endpoints)
           let file = endpoint.Metadata.GetMetadata<StaticAssetDescriptor>()
           where file is not null && file.Selectors.Count == 0
           select new ResourceAsset(file.Route, [.. file.Properties.Select(property => new ResourceAssetProperty(property.Name, property.Value))])]);
}
