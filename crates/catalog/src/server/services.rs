//! The two gRPC services: the original `ecommerce.ProductInfo` and `okno.v1.Catalog`.
//!
//! In: requests. Out: what the store answers. Holds no logic of its own: the rules are in
//! [`crate::store`], the words for faults in [`super::status`].

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status};

use super::status::in_time;
use super::watching;
use crate::limits::MAX_WATCHERS;
use crate::proto::ecommerce::product_info_server::ProductInfo;
use crate::proto::ecommerce::{Product, ProductId};
use crate::proto::okno::v1::catalog_server::Catalog;
use crate::proto::okno::v1::{
    AddProductsRequest, AddProductsResponse, Change, Item, ListProductsRequest,
    ListProductsResponse, PinRequest, SearchProductsRequest, UpdateProductRequest,
    WatchProductsRequest,
};
use crate::store::{Edit, Fault, Store};

/// What both services work on.
#[derive(Clone, Debug)]
pub struct Services {
    store: Arc<Store>,
    watchers: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

impl Services {
    /// Services on a store, whose watches end when `stopping` becomes true.
    #[must_use]
    pub fn new(store: Arc<Store>, stopping: watch::Receiver<bool>) -> Self {
        Self { store, watchers: Arc::new(Semaphore::new(MAX_WATCHERS)), stopping }
    }

    async fn edit_one<T>(
        &self,
        request: Request<T>,
        edit: impl FnOnce(T) -> Edit,
    ) -> Result<Response<Item>, Status> {
        let (metadata, _, message) = request.into_parts();
        in_time(&metadata, self.store.edit_one(edit(message))).await.map(Response::new)
    }
}

#[tonic::async_trait]
impl ProductInfo for Services {
    /// The original overwrites whatever id the client sent. So do we, and say so in a header,
    /// because a client that goes on with its own id would not find the product.
    async fn add_product(&self, request: Request<Product>) -> Result<Response<ProductId>, Status> {
        let (metadata, _, product) = request.into_parts();
        let id_ignored = !product.id.is_empty();
        let item = in_time(&metadata, self.store.edit_one(Edit::Add(product))).await?;
        let mut response = Response::new(ProductId { value: product_of(item).id });
        if id_ignored {
            let text = "the id in the request was ignored: the server assigns ids";
            response.metadata_mut().insert("okno-warning", MetadataValue::from_static(text));
        }
        Ok(response)
    }

    async fn get_product(&self, request: Request<ProductId>) -> Result<Response<Product>, Status> {
        let (metadata, _, id) = request.into_parts();
        in_time(&metadata, self.store.get(id.value)).await.map(Response::new)
    }

    async fn del_product(&self, request: Request<ProductId>) -> Result<Response<Product>, Status> {
        let item = self.edit_one(request, |id| Edit::Delete(id.value)).await?;
        Ok(item.map(product_of))
    }
}

#[tonic::async_trait]
impl Catalog for Services {
    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<ListProductsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        in_time(&metadata, self.store.list(request)).await.map(Response::new)
    }

    async fn search_products(
        &self,
        request: Request<SearchProductsRequest>,
    ) -> Result<Response<ListProductsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        in_time(&metadata, self.store.search(request)).await.map(Response::new)
    }

    async fn update_product(
        &self,
        request: Request<UpdateProductRequest>,
    ) -> Result<Response<Item>, Status> {
        self.edit_one(request, Edit::Update).await
    }

    async fn restore_product(&self, request: Request<ProductId>) -> Result<Response<Item>, Status> {
        self.edit_one(request, |id| Edit::Restore(id.value)).await
    }

    async fn add_products(
        &self,
        request: Request<AddProductsRequest>,
    ) -> Result<Response<AddProductsResponse>, Status> {
        let (metadata, _, AddProductsRequest { products, keep_ids }) = request.into_parts();
        let items = in_time(&metadata, async {
            if products.is_empty() {
                let text = "there is no product in the call: send at least one";
                return Err(Fault::Request(text.to_owned()));
            }
            self.store.edit(Edit::AddAll { products, keep_ids }).await
        });
        Ok(Response::new(AddProductsResponse { items: items.await? }))
    }

    async fn pin_product(&self, request: Request<PinRequest>) -> Result<Response<Item>, Status> {
        self.edit_one(request, |PinRequest { id, stream }| Edit::Pin { id, stream }).await
    }

    async fn unpin_product(&self, request: Request<PinRequest>) -> Result<Response<Item>, Status> {
        self.edit_one(request, |PinRequest { id, stream }| Edit::Unpin { id, stream }).await
    }

    type WatchProductsStream = ReceiverStream<Result<Change, Status>>;

    async fn watch_products(
        &self,
        request: Request<WatchProductsRequest>,
    ) -> Result<Response<Self::WatchProductsStream>, Status> {
        let Ok(place) = Arc::clone(&self.watchers).try_acquire_owned() else {
            return Err(Status::resource_exhausted(format!(
                "{MAX_WATCHERS} clients are watching, which is the limit: close one, or list again \
                 from time to time instead"
            )));
        };
        let peer = request.remote_addr();
        let changes = watching::start(&self.store, self.stopping.clone(), place, peer);
        Ok(Response::new(changes))
    }
}

fn product_of(item: Item) -> Product {
    item.product.unwrap_or_default()
}
